import { Annotations } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ISubnet, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import type { AuthorizerFunctionProps } from '../authorizer/authorizer-function-props';
import type { IMonitoredApi } from '../observability/monitored-api';
import { PhantomTokenAlarms } from '../observability/phantom-token-alarms';
import { PhantomTokenDashboard } from '../observability/phantom-token-dashboard';
import { SavedQueries } from '../observability/saved-queries';
import type { DeploymentConfig } from './config/schema';

type Operations = DeploymentConfig['operations'];

/** Resources that alarms, dashboard and queries are about. */
interface Watched {
  readonly authorizerFunction: AuthorizerFunction;
  readonly apis: readonly IMonitoredApi[];
  readonly accessLogs: ILogGroup;
}

/** Returns the options of the authorizer function that a config sets. */
export function functionOptions(
  scope: Construct,
  operations: Operations,
): Partial<AuthorizerFunctionProps> {
  const { reservedConcurrency, provisionedConcurrency, vpc } = operations;
  return {
    memorySize: operations.memoryMegabytes,
    reservedConcurrentExecutions: reservedConcurrency,
    provisionedConcurrentExecutions: provisionedConcurrency?.min,
    maxProvisionedConcurrentExecutions: provisionedConcurrency?.max,
    provisionedConcurrencyUtilization: provisionedConcurrency?.targetUtilization,
    ...(vpc && vpcOptions(scope, vpc)),
  };
}

/** Returns the VPC options. Resources are imported by ID, so that synthesis does not need the account. */
function vpcOptions(
  scope: Construct,
  { vpcId, subnetIds, securityGroupIds }: NonNullable<Operations['vpc']>,
): Partial<AuthorizerFunctionProps> {
  return {
    // Not used: subnets are selected by ID.
    vpc: Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: ['any'] }),
    vpcSubnets: {
      subnets: subnetIds.map((id) => subnet(scope, id)),
    },
    securityGroups: securityGroupIds?.map((id) =>
      SecurityGroup.fromSecurityGroupId(scope, `SecurityGroup-${id}`, id),
    ),
  };
}

function subnet(scope: Construct, id: string): ISubnet {
  const imported = Subnet.fromSubnetId(scope, `Subnet-${id}`, id);
  // The route table is not used.
  Annotations.of(imported).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
  return imported;
}

/** Adds the alarms, dashboard and saved queries that a config enables. */
export function addObservability(
  scope: Construct,
  { alarmTopicArn, dashboard, runbookUrl }: Operations,
  watched: Watched,
): void {
  const shared = { ...watched, runbookUrl };
  const alarms = alarmTopicArn ? alarmsTo(scope, alarmTopicArn, shared) : undefined;
  if (!dashboard) return;
  new PhantomTokenDashboard(scope, 'Dashboard', { ...shared, alarms });
  new SavedQueries(scope, 'Queries', watched);
}

/** Returns alarms that notify a topic. */
function alarmsTo(
  scope: Construct,
  topicArn: string,
  { accessLogs: _, ...watched }: Watched & { readonly runbookUrl: string | undefined },
) {
  const actions = [new SnsAction(Topic.fromTopicArn(scope, 'AlarmTopic', topicArn))];
  return new PhantomTokenAlarms(scope, 'Alarms', { ...watched, actions, okActions: actions });
}

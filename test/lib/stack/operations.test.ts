import { Match } from 'aws-cdk-lib/assertions';
import { only, synthesize } from '../../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';
const ALARM = 'AWS::CloudWatch::Alarm';
const DASHBOARD = 'AWS::CloudWatch::Dashboard';
const QUERY = 'AWS::Logs::QueryDefinition';
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';
const NETWORK = { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'] };

const stackWith = (operations: Record<string, unknown>, api = {}) =>
  synthesize({ operations, api, token: { audience: 'api' } });

describe('the operations of a config', () => {
  it('operations set memory and concurrency of the function', () => {
    const { template } = stackWith({
      memoryMegabytes: 1024,
      reservedConcurrency: 50,
      provisionedConcurrency: { min: 2, max: 20, targetUtilization: 0.6 },
    });

    template.hasResourceProperties(FUNCTION, {
      MemorySize: 1024,
      ReservedConcurrentExecutions: 50,
    });
    template.hasResourceProperties('AWS::Lambda::Alias', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 2,
      MaxCapacity: 20,
    });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 0.6 },
    });
  });

  it('operations.vpc puts the function into the VPC with a new security group', () => {
    const { template, annotations } = stackWith({ vpc: NETWORK });
    const [group, properties] = only(template, 'AWS::EC2::SecurityGroup');

    expect(properties).toMatchObject({ VpcId: NETWORK.vpcId });
    template.hasResourceProperties(FUNCTION, {
      VpcConfig: {
        SubnetIds: NETWORK.subnetIds,
        SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
      },
    });
    annotations().hasNoWarning('*', Match.anyValue());
  });

  it('operations.vpc puts the function into the VPC with existing security groups', () => {
    const { template } = stackWith({
      vpc: { ...NETWORK, securityGroupIds: ['sg-0a1b2c3d', 'sg-0a1b2c3e'] },
    });

    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
    template.hasResourceProperties(FUNCTION, {
      VpcConfig: { SecurityGroupIds: ['sg-0a1b2c3d', 'sg-0a1b2c3e'] },
    });
  });

  it('operations.alarmTopicArn creates alarms that notify the topic of ALARM and OK', () => {
    const { template } = stackWith({ alarmTopicArn: TOPIC });

    template.resourceCountIs(ALARM, 4);
    template.allResourcesProperties(ALARM, { AlarmActions: [TOPIC], OKActions: [TOPIC] });
    template.resourceCountIs(DASHBOARD, 0);
  });

  it('operations.dashboard creates a dashboard and saved queries, without alarms', () => {
    const { template } = stackWith({ dashboard: true });

    template.resourceCountIs(DASHBOARD, 1);
    template.resourceCountIs(QUERY, 5);
    template.resourceCountIs(ALARM, 0);
  });

  it('the dashboard shows the alarms of operations.alarmTopicArn', () => {
    const { template } = stackWith({ dashboard: true, alarmTopicArn: TOPIC });
    const [, { DashboardBody }] = only(template, DASHBOARD);
    const body = JSON.stringify(DashboardBody);

    for (const alarm of Object.keys(template.findResources(ALARM))) expect(body).toContain(alarm);
  });

  it('the dashboard shows requests of this REST API only, which has the name of the stack', () => {
    const { template } = stackWith({ dashboard: true });
    const [, { DashboardBody }] = only(template, DASHBOARD);

    template.hasResourceProperties('AWS::ApiGateway::RestApi', { Name: 'PhantomToken' });
    expect(JSON.stringify(DashboardBody)).toMatch(/ApiName[\\",]+PhantomToken/);
  });

  it('the dashboard shows requests of this HTTP API only', () => {
    const { template } = stackWith({ dashboard: true }, { type: 'HTTP' });
    const [api] = only(template, 'AWS::ApiGatewayV2::Api');
    const [, { DashboardBody }] = only(template, DASHBOARD);

    expect(JSON.stringify(DashboardBody)).toMatch(new RegExp(`ApiId[\\\\",]+{"Ref":"${api}"}`));
  });

  it('operations need no lookup in the account', () => {
    const { template } = stackWith({ vpc: NETWORK, alarmTopicArn: TOPIC, dashboard: true });

    expect(JSON.stringify(template.toJSON()).match(/dummy/i)).toBeNull();
  });
});

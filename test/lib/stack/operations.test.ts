import { Match, type Template } from 'aws-cdk-lib/assertions';
import { allowedBy, only, synthesize } from '../../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';
const ALARM = 'AWS::CloudWatch::Alarm';
const DASHBOARD = 'AWS::CloudWatch::Dashboard';
const QUERY = 'AWS::Logs::QueryDefinition';
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666';
const NETWORK = { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'] };

const stackWith = (operations: Record<string, unknown>, api = {}) =>
  synthesize({ operations, api, token: { audience: 'api' } });

const RUNBOOK = 'https://wiki.example.com/authorizer';

/** Operations that can be set together. */
const FULL = {
  memoryMegabytes: 1024,
  reservedConcurrency: 50,
  provisionedConcurrency: { min: 2, max: 20, targetUtilization: 0.6 },
  vpc: NETWORK,
  alarmTopicArn: TOPIC,
  runbookUrl: RUNBOOK,
  dashboard: true,
  logRetentionDays: 365,
  encryptionKeyArn: KEY,
  throttle: { rateLimit: 50, burstLimit: 100 },
};

describe('the operations of a config', () => {
  let full: Template;
  let warnings: readonly string[];
  beforeAll(() => {
    ({ template: full, warnings } = stackWith(FULL));
  });

  it('operations set memory and concurrency of the function', () => {
    full.hasResourceProperties(FUNCTION, {
      MemorySize: 1024,
      ReservedConcurrentExecutions: 50,
    });
    full.hasResourceProperties('AWS::Lambda::Alias', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
    full.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 2,
      MaxCapacity: 20,
    });
    full.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 0.6 },
    });
  });

  it('operations.vpc puts the function into the VPC with a new security group', () => {
    const [group, properties] = only(full, 'AWS::EC2::SecurityGroup');

    expect(properties).toMatchObject({ VpcId: NETWORK.vpcId });
    full.hasResourceProperties(FUNCTION, {
      VpcConfig: {
        SubnetIds: NETWORK.subnetIds,
        SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
      },
    });
    expect(warnings).toEqual([]);
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

  it('operations.alarmTopicArn creates alarms that notify the topic: outages of ALARM and OK', () => {
    const { template } = stackWith({ alarmTopicArn: TOPIC });

    template.resourceCountIs(ALARM, 9);
    template.resourcePropertiesCountIs(ALARM, { AlarmActions: [TOPIC] }, 5);
    template.resourcePropertiesCountIs(ALARM, { OKActions: [TOPIC] }, 0);
    template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmActions: [TOPIC],
      OKActions: [TOPIC],
    });
    template.resourceCountIs(DASHBOARD, 0);
  });

  it('operations.runbookUrl is in the text of every alarm and on the dashboard', () => {
    full.allResourcesProperties(ALARM, {
      AlarmDescription: Match.stringLikeRegexp(`Runbook: ${RUNBOOK}#[\\w-]+\\.$`),
    });
    expect(JSON.stringify(only(full, DASHBOARD))).toContain(`(${RUNBOOK}#every-request-gets-503)`);
  });

  it('operations.logRetentionDays is the retention of the logs of the function and of access', () => {
    full.resourceCountIs('AWS::Logs::LogGroup', 2);
    full.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  it('operations.encryptionKeyArn encrypts logs, secret, token cache and environment', () => {
    full.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: KEY });
    full.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: KEY });
    full.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: KEY },
    });
    full.hasResourceProperties(FUNCTION, { KmsKeyArn: KEY });
  });

  it('operations.encryptionKeyArn lets the function decrypt a secret of the config', () => {
    const credentialsSecretArn =
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:client-AbCdEf';
    const { template } = synthesize({
      introspection: { credentialsSecretArn },
      operations: { encryptionKeyArn: KEY },
    });

    expect(allowedBy(template)).toContain(`Allow kms:Decrypt on "${KEY}"`);
  });

  it('operations.throttle limits the stage of a REST API', () => {
    full.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [
        Match.objectLike({
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: 50,
          ThrottlingBurstLimit: 100,
        }),
      ],
    });
  });

  it('operations.throttle limits the stage of an HTTP API', () => {
    const { template } = stackWith(
      { throttle: { rateLimit: 50, burstLimit: 100 } },
      { type: 'HTTP' },
    );

    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
  });

  it('operations.dashboard creates a dashboard and saved queries, without alarms', () => {
    const { template } = stackWith({ dashboard: true });

    template.resourceCountIs(DASHBOARD, 1);
    template.resourceCountIs(QUERY, 10);
    template.resourceCountIs(ALARM, 0);
  });

  it('the dashboard shows the alarms of operations.alarmTopicArn', () => {
    const [, { DashboardBody }] = only(full, DASHBOARD);
    const body = JSON.stringify(DashboardBody);

    for (const alarm of Object.keys(full.findResources(ALARM))) expect(body).toContain(alarm);
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
    expect(JSON.stringify(full.toJSON()).match(/dummy/i)).toBeNull();
  });
});

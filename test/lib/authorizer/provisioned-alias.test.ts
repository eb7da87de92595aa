import { type AuthorizerFunctionProps, PropError } from '../../../lib';
import { addAuthorizerFunction, loneAuthorizerFunction } from '../../support/authorizer-function';
import { thrownBy } from '../../support/faults';
import { only, synthesize, synthesizeConstructs } from '../../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';
const ALIAS = 'AWS::Lambda::Alias';
const VERSION = 'AWS::Lambda::Version';
const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const SCALING = 'AWS::ApplicationAutoScaling::ScalingPolicy';

function synthesizeWith(props: Partial<AuthorizerFunctionProps>) {
  return synthesizeConstructs((stack) => {
    addAuthorizerFunction(stack, props);
  });
}

describe('provisioned concurrency', () => {
  it('creates no alias by default', () => {
    const authorizer = loneAuthorizerFunction();

    expect(authorizer.lambdaFunction.node.tryFindChild('Live')).toBeUndefined();
  });

  it('configures provisioned concurrency on an alias of the current version', () => {
    const template = synthesizeWith({ provisionedConcurrentExecutions: 2 });
    const [handler] = only(template, FUNCTION);
    const [version] = only(template, VERSION);

    template.hasResourceProperties(ALIAS, {
      Name: 'live',
      FunctionName: { Ref: handler },
      FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
    template.resourceCountIs(TARGET, 0);
  });

  it.each([
    ['REST', 'AWS::ApiGateway::Authorizer'],
    ['HTTP', 'AWS::ApiGatewayV2::Authorizer'],
  ])(
    'deploys provisioned concurrency before the authorizers of %s APIs',
    (type, authorizerType) => {
      const { template } = synthesize({
        api: { type },
        operations: { provisionedConcurrency: { min: 2 } },
      });
      const [alias, { FunctionVersion }] = only(template, ALIAS);
      const [version] = only(template, VERSION);
      const [id, { AuthorizerUri }] = only(template, authorizerType);

      expect(FunctionVersion).toEqual({ 'Fn::GetAtt': [version, 'Version'] });
      expect(JSON.stringify(AuthorizerUri)).toContain(`{"Ref":"${version}"}`);
      expect(template.toJSON()['Resources'][id].DependsOn).toContain(alias);
    },
  );

  it('scales provisioned concurrency between its minimum and maximum', () => {
    const template = synthesizeWith({
      provisionedConcurrentExecutions: 2,
      maxProvisionedConcurrentExecutions: 20,
      provisionedConcurrencyUtilization: 0.5,
    });

    template.hasResourceProperties(TARGET, {
      MinCapacity: 2,
      MaxCapacity: 20,
      ScalableDimension: 'lambda:function:ProvisionedConcurrency',
    });
    template.hasResourceProperties(SCALING, {
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 0.5 },
    });
  });

  it('scales provisioned concurrency at a utilization of 0.7 by default', () => {
    const template = synthesizeWith({
      provisionedConcurrentExecutions: 1,
      maxProvisionedConcurrentExecutions: 1,
    });

    template.hasResourceProperties(SCALING, {
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 0.7 },
    });
  });

  it.each<[Partial<AuthorizerFunctionProps>, string]>([
    [
      { provisionedConcurrentExecutions: 0 },
      'provisionedConcurrentExecutions must be at least 1, got: 0',
    ],
    [
      { provisionedConcurrentExecutions: 3, maxProvisionedConcurrentExecutions: 2 },
      'maxProvisionedConcurrentExecutions must be at least provisionedConcurrentExecutions, got: 2 and 3',
    ],
    [
      { maxProvisionedConcurrentExecutions: 2 },
      'maxProvisionedConcurrentExecutions must be at least provisionedConcurrentExecutions, got: 2 and undefined',
    ],
    [
      { provisionedConcurrentExecutions: 3, provisionedConcurrencyUtilization: 0.5 },
      'provisionedConcurrencyUtilization requires maxProvisionedConcurrentExecutions, got: 0.5',
    ],
    ...[0.099, 0.901].map((provisionedConcurrencyUtilization): [object, string] => [
      {
        provisionedConcurrentExecutions: 3,
        maxProvisionedConcurrentExecutions: 4,
        provisionedConcurrencyUtilization,
      },
      `provisionedConcurrencyUtilization must be between 0.1 and 0.9, got: ${provisionedConcurrencyUtilization}`,
    ]),
    [
      { provisionedConcurrentExecutions: 3, reservedConcurrentExecutions: 2 },
      'reservedConcurrentExecutions must be at least the provisioned concurrency (3), got: 2',
    ],
    [
      {
        provisionedConcurrentExecutions: 1,
        maxProvisionedConcurrentExecutions: 3,
        reservedConcurrentExecutions: 2,
      },
      'reservedConcurrentExecutions must be at least the provisioned concurrency (3), got: 2',
    ],
  ])('rejects the concurrency %j', (props, message) => {
    const error = thrownBy(() => loneAuthorizerFunction(props));

    expect(error).toBeInstanceOf(PropError);
    expect((error as Error).message).toBe(message);
  });

  it('accepts provisioned concurrency that equals reserved concurrency', () => {
    synthesizeWith({
      provisionedConcurrentExecutions: 2,
      reservedConcurrentExecutions: 2,
    }).resourceCountIs(ALIAS, 1);
  });
});

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

describe('execution environments kept ready', () => {
  it('are none by default', () => {
    const authorizer = loneAuthorizerFunction();

    expect(authorizer.lambdaFunction.node.tryFindChild('Live')).toBeUndefined();
  });

  it('belong to an alias of the current version', () => {
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
  ])('are ready before the authorizers of %s APIs call their version', (type, authorizerType) => {
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
  });

  it('grow and shrink with their use, between the bounds given', () => {
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

  it('grow at seven tenths of their use by default', () => {
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
      'provisionedConcurrentExecutions must be at least 1, but is 0',
    ],
    [
      { provisionedConcurrentExecutions: 3, maxProvisionedConcurrentExecutions: 2 },
      'maxProvisionedConcurrentExecutions must not be less than provisionedConcurrentExecutions, but is 2 and 3',
    ],
    [
      { maxProvisionedConcurrentExecutions: 2 },
      'maxProvisionedConcurrentExecutions must not be less than provisionedConcurrentExecutions, but is 2 and undefined',
    ],
    [
      { provisionedConcurrentExecutions: 3, provisionedConcurrencyUtilization: 0.5 },
      'provisionedConcurrencyUtilization has no effect without maxProvisionedConcurrentExecutions, but is 0.5',
    ],
    ...[0.099, 0.901].map((provisionedConcurrencyUtilization): [object, string] => [
      {
        provisionedConcurrentExecutions: 3,
        maxProvisionedConcurrentExecutions: 4,
        provisionedConcurrencyUtilization,
      },
      `provisionedConcurrencyUtilization must be 0.1 to 0.9, but is ${provisionedConcurrencyUtilization}`,
    ]),
    [
      { provisionedConcurrentExecutions: 3, reservedConcurrentExecutions: 2 },
      'reservedConcurrentExecutions must not be less than what is provisioned (3), but is 2',
    ],
    [
      {
        provisionedConcurrentExecutions: 1,
        maxProvisionedConcurrentExecutions: 3,
        reservedConcurrentExecutions: 2,
      },
      'reservedConcurrentExecutions must not be less than what is provisioned (3), but is 2',
    ],
  ])('cannot be %j', (props, message) => {
    const error = thrownBy(() => loneAuthorizerFunction(props));

    expect(error).toBeInstanceOf(PropError);
    expect((error as Error).message).toBe(message);
  });

  it('may be all that is reserved', () => {
    synthesizeWith({
      provisionedConcurrentExecutions: 2,
      reservedConcurrentExecutions: 2,
    }).resourceCountIs(ALIAS, 1);
  });
});

import type { Stack } from 'aws-cdk-lib';
import { User } from 'aws-cdk-lib/aws-iam';
import { type AuthorizerFunction, type AuthorizerFunctionProps, PropError } from '../../lib';
import type { RulesOfApi } from '../../lib/served-apis';
import { addAuthorizerFunction, loneAuthorizerFunction } from '../support/authorizer-function';
import { thrownBy } from '../support/faults';
import { only, synthesize, synthesizeConstructs } from '../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';
const ALIAS = 'AWS::Lambda::Alias';
const VERSION = 'AWS::Lambda::Version';
const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const SCALING = 'AWS::ApplicationAutoScaling::ScalingPolicy';

function synthesizeWith(
  props: Partial<AuthorizerFunctionProps>,
  use: (authorizer: AuthorizerFunction, stack: Stack) => void = () => undefined,
) {
  return synthesizeConstructs((stack) => use(addAuthorizerFunction(stack, props), stack));
}

describe('execution environments kept ready', () => {
  it('are none by default, and API Gateway calls the function itself', () => {
    const authorizer = loneAuthorizerFunction();

    expect(authorizer.invocationTarget).toBe(authorizer.function);
    expect(authorizer.function.node.tryFindChild('Live')).toBeUndefined();
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
  ])('are what the API Gateway of %s APIs calls, and may call', (type, authorizerType) => {
    const { template } = synthesize({
      api: { type },
      operations: { provisionedConcurrency: { min: 2 } },
    });
    const [alias] = only(template, ALIAS);
    const [, permission] = only(template, 'AWS::Lambda::Permission');
    const [, { AuthorizerUri }] = only(template, authorizerType);

    expect(permission['FunctionName']).toEqual({ Ref: alias });
    expect(JSON.stringify(AuthorizerUri)).toContain(`{"Ref":"${alias}"}`);
  });

  it('are what a grantee may invoke', () => {
    const template = synthesizeWith({ provisionedConcurrentExecutions: 2 }, (authorizer, stack) =>
      authorizer.grantInvoke(new User(stack, 'Operator')),
    );
    const [alias] = only(template, ALIAS);
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));

    expect(JSON.stringify(policies.find(({ Properties }) => Properties.Users))).toContain(alias);
  });

  it.each<[string, Partial<AuthorizerFunctionProps>, RulesOfApi]>([
    ['settings', { introspectionAccept: 'application/json' }, () => []],
    ['rules of the API', {}, () => [[[['read']], ['GET /']]]],
  ])('are of a new version when the %s change', (_, props, rules) => {
    const versionWith = (more: Partial<AuthorizerFunctionProps>, rulesOfApi?: RulesOfApi) =>
      only(
        synthesizeConstructs((stack) =>
          addAuthorizerFunction(stack, { provisionedConcurrentExecutions: 1, ...more }, rulesOfApi),
        ),
        VERSION,
      )[0];

    expect(versionWith({})).toBe(versionWith({}));
    expect(versionWith(props, rules)).not.toBe(versionWith({}));
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

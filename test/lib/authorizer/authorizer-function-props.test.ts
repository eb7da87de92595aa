import { Duration, type Stack, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type AuthorizerFunction, type AuthorizerFunctionProps, PropError } from '../../../lib';
import { addAuthorizerFunction, loneAuthorizerFunction } from '../../support/authorizer-function';
import { thrownBy } from '../../support/faults';
import { only, synthesizeConstructs } from '../../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';
const LOGS = 'AWS::Logs::LogGroup';

type Props = Partial<AuthorizerFunctionProps>;

function synthesizeWith(
  props: Props | ((stack: Stack) => Props),
  use: (authorizer: AuthorizerFunction, stack: Stack) => void = () => undefined,
) {
  return synthesizeConstructs((stack) =>
    use(addAuthorizerFunction(stack, typeof props === 'function' ? props(stack) : props), stack),
  );
}
function faultOf(props: Props): string {
  const error = thrownBy(() => loneAuthorizerFunction(props));
  expect(error).toBeInstanceOf(PropError);
  return (error as Error).message;
}

describe('props of the authorizer function', () => {
  it('uses the configured memory, timeout, runtime, architecture and reserved concurrency', () => {
    const template = synthesizeWith({
      memorySize: 1769,
      timeout: Duration.seconds(9),
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.X86_64,
      reservedConcurrentExecutions: 100,
    });

    template.hasResourceProperties(FUNCTION, {
      MemorySize: 1769,
      Timeout: 9,
      Runtime: 'nodejs22.x',
      Architectures: ['x86_64'],
      ReservedConcurrentExecutions: 100,
    });
  });

  it('the function has no reserved concurrency, key or VPC by default', () => {
    const [, properties] = only(synthesizeWith({}), FUNCTION);

    for (const absent of ['ReservedConcurrentExecutions', 'KmsKeyArn', 'VpcConfig']) {
      expect(properties).not.toHaveProperty(absent);
    }
  });

  it('rejects a timeout that is not longer than the introspection timeout', () => {
    const introspectionTimeout = Duration.seconds(3);

    expect(faultOf({ introspectionTimeout, timeout: Duration.seconds(3) })).toBe(
      'timeout must be longer than introspectionTimeout (3 seconds), got: 3 seconds',
    );
    synthesizeWith({ introspectionTimeout, timeout: Duration.millis(3001) }).hasResourceProperties(
      FUNCTION,
      { Timeout: 4 },
    );
  });

  it('rejects a runtime other than Node.js', () => {
    expect(faultOf({ runtime: Runtime.PYTHON_3_13 })).toBe(
      'runtime must be a Node.js runtime, got: python3.13',
    );
  });

  it('writes to an existing log group and creates none', () => {
    const template = synthesizeWith((stack) => ({
      logGroup: LogGroup.fromLogGroupName(stack, 'Existing', '/shared/authorizers'),
    }));

    template.resourceCountIs(LOGS, 0);
    template.hasResourceProperties(FUNCTION, {
      LoggingConfig: { LogGroup: '/shared/authorizers' },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: {
              'Fn::Join': ['', Match.arrayWith([':log-group:/shared/authorizers:*'])],
            },
          }),
        ]),
      },
    });
  });

  it('rejects a retention for an existing log group', () => {
    const error = thrownBy(() =>
      synthesizeWith((stack) => ({
        logGroup: LogGroup.fromLogGroupName(stack, 'Existing', 'shared'),
        logRetention: RetentionDays.ONE_DAY,
      })),
    );

    expect(error).toBeInstanceOf(PropError);
    expect(String(error)).toContain('logRetention must not be combined with logGroup');
  });

  it('grants an existing role only the permissions that the function needs', () => {
    const template = synthesizeWith((stack) => ({
      role: new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
    }));
    const [role, properties] = only(template, 'AWS::IAM::Role');

    expect(role).toMatch(/^Mine/);
    expect(properties).not.toHaveProperty('ManagedPolicyArns');
    template.hasResourceProperties(FUNCTION, { Role: { 'Fn::GetAtt': [role, 'Arn'] } });
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: role }],
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: 'secretsmanager:GetSecretValue' })]),
      },
    });
  });

  it('grants permissions for the function to its role', () => {
    const template = synthesizeWith({}, (authorizer, stack) =>
      new Key(stack, 'Key').grantDecrypt(authorizer),
    );
    const [key] = only(template, 'AWS::KMS::Key');
    const [role] = only(template, 'AWS::IAM::Role');

    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: role }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Effect: 'Allow', Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [key, 'Arn'] } },
        ]),
      },
    });
  });

  it('allows a grantee of grantInvoke to invoke the function', () => {
    const template = synthesizeWith({}, (authorizer, stack) =>
      authorizer.grantInvoke(new User(stack, 'Operator')),
    );
    const [handler] = only(template, FUNCTION);
    const arn = { 'Fn::GetAtt': [handler, 'Arn'] };

    template.hasResourceProperties('AWS::IAM::Policy', {
      Users: [{ Ref: Match.stringLikeRegexp('^Operator') }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'lambda:InvokeFunction',
            Resource: [arn, { 'Fn::Join': ['', [arn, ':*']] }],
          },
        ],
      },
    });
  });

  it('applies tags to the function and all of its resources', () => {
    const template = synthesizeWith({}, (_, stack) => Tags.of(stack).add('team', 'identity'));
    const tagged = { Tags: Match.arrayWith([{ Key: 'team', Value: 'identity' }]) };

    for (const type of [
      FUNCTION,
      LOGS,
      'AWS::IAM::Role',
      'AWS::DynamoDB::Table',
      'AWS::SecretsManager::Secret',
    ]) {
      template.allResourcesProperties(type, tagged);
    }
  });
});

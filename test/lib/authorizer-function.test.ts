import { Duration } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AuthorizerFunction, type AuthorizerFunctionProps, TokenCacheTable } from '../../lib';
import { allowedBy, only, synthesizeConstructs } from '../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';

function authorizerFunction(props: Partial<AuthorizerFunctionProps> = {}, key = false): Template {
  return synthesizeConstructs((stack) => {
    const encryptionKey = key ? new Key(stack, 'Key') : undefined;
    new AuthorizerFunction(stack, 'Authorizer', {
      introspectionEndpoint: 'https://login.example.com/introspect',
      credentials: new Secret(stack, 'Credentials', { encryptionKey }),
      tokenCache: new TokenCacheTable(stack, 'TokenCache'),
      ...props,
    });
  });
}

describe('AuthorizerFunction', () => {
  it.each([
    [Duration.seconds(3), 8],
    [Duration.seconds(8), 13],
    [Duration.millis(500), 6],
    [Duration.millis(2300), 8],
  ])('has more time than an introspection of %s', (introspectionTimeout, seconds) => {
    authorizerFunction({ introspectionTimeout }).hasResourceProperties(FUNCTION, {
      Timeout: seconds,
      Environment: {
        Variables: Match.objectLike({
          INTROSPECTION_TIMEOUT_SECONDS: String(introspectionTimeout.toMilliseconds() / 1000),
        }),
      },
    });
  });

  it('takes memory and the life of its logs from its props', () => {
    const template = authorizerFunction({
      memorySize: 1024,
      logRetention: RetentionDays.ONE_WEEK,
    });

    template.hasResourceProperties(FUNCTION, { MemorySize: 1024 });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });

  it('never turns a check off because its setting is empty', () => {
    const template = authorizerFunction({ issuer: '', audience: [] });

    // Refused by the function at its start.
    template.hasResourceProperties(FUNCTION, {
      Environment: { Variables: Match.objectLike({ TOKEN_ISSUER: '', TOKEN_AUDIENCE: '[]' }) },
    });
  });

  it('may use the key of the secret where it has its own, for nothing else', () => {
    const template = authorizerFunction({}, true);
    const [key] = only(template, 'AWS::KMS::Key');

    expect(allowedBy(template).filter((line) => line.includes('kms:'))).toEqual([
      `Allow kms:Decrypt on {"Fn::GetAtt":["${key}","Arn"]}`,
    ]);
  });
});

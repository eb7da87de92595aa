import { Duration } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AuthorizerFunction,
  type AuthorizerFunctionProps,
  PropError,
  TokenCacheTable,
} from '../../lib';
import { allowedBy, only, synthesizeConstructs } from '../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';

function authorizerFunction(
  props: Partial<AuthorizerFunctionProps> = {},
  key = false,
  use = (authorizer: AuthorizerFunction) => authorizer.enforce({ requiredScopes: [] }),
): Template {
  return synthesizeConstructs((stack) => {
    const encryptionKey = key ? new Key(stack, 'Key') : undefined;
    const authorizer = new AuthorizerFunction(stack, 'Authorizer', {
      introspectionEndpoint: 'https://login.example.com/introspect',
      credentials: new Secret(stack, 'Credentials', { encryptionKey }),
      tokenCache: new TokenCacheTable(stack, 'TokenCache'),
      ...props,
    });
    use(authorizer);
  });
}

describe('AuthorizerFunction', () => {
  it.each([
    [Duration.seconds(3), 13],
    [Duration.seconds(8), 18],
    [Duration.millis(500), 11],
    [Duration.millis(2300), 13],
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

  it('is told what the routes of its API require', () => {
    const routeScopes = { 'GET /a': [['x'], ['y', 'z']] };
    const template = authorizerFunction({}, false, (authorizer) =>
      authorizer.enforce({ requiredScopes: ['read'], routeScopes }),
    );

    template.hasResourceProperties(FUNCTION, {
      Environment: {
        Variables: Match.objectLike({
          REQUIRED_SCOPES: '["read"]',
          ROUTE_SCOPES: JSON.stringify(routeScopes),
        }),
      },
    });
  });

  it('cannot be deployed without an API that it protects', () => {
    expect(() => authorizerFunction({}, false, () => undefined)).toThrow(
      'no API is protected by this authorizer function',
    );
  });

  it('serves one API: rules of a second one would replace those of the first', () => {
    const twice = (authorizer: AuthorizerFunction) => {
      authorizer.enforce({ requiredScopes: ['read'] });
      authorizer.enforce({ requiredScopes: [] });
    };

    expect(() => authorizerFunction({}, false, twice)).toThrow(PropError);
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

import { CfnOutput, Duration, Lazy, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AuthorizerFunction,
  type AuthorizerFunctionProps,
  PropError,
  TokenCacheTable,
} from '../../../lib';
import { thrownBy } from '../../support/faults';
import {
  allowedBy,
  newApp,
  newStack,
  only,
  scopeRulesOf,
  synthesizeConstructs,
} from '../../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';

function authorizerFunction(
  props: Partial<AuthorizerFunctionProps> = {},
  key = false,
  use = (authorizer: AuthorizerFunction) => authorizer.enforce(authorizer, 'api1', () => []),
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

/** Returns an authorizer function with only the required props. */
function defaults(stack: Stack, props: Partial<AuthorizerFunctionProps> = {}) {
  const introspectionEndpoint = 'https://login.example.com/introspect';
  return new AuthorizerFunction(stack, 'Authorizer', { introspectionEndpoint, ...props });
}

describe('AuthorizerFunction', () => {
  it.each([
    [Duration.seconds(3), 13],
    [Duration.seconds(8), 18],
    [Duration.millis(500), 11],
    [Duration.millis(2300), 13],
  ])(
    'the function has a longer timeout than an introspection of %s',
    (introspectionTimeout, seconds) => {
      authorizerFunction({ introspectionTimeout }).hasResourceProperties(FUNCTION, {
        Timeout: seconds,
        Environment: {
          Variables: Match.objectLike({
            INTROSPECTION_TIMEOUT_SECONDS: String(introspectionTimeout.toMilliseconds() / 1000),
          }),
        },
      });
    },
  );

  it('the function receives the scope rules of every route that is declared before synthesis', () => {
    const routes = ['GET /a'];
    const template = authorizerFunction({}, false, (authorizer) => {
      const api = new RestApi(authorizer, 'Api');
      authorizer.enforce(api, 'api1', () => [[[['x'], ['y', 'z']], routes]]);
      authorizer.enforce(api, api.restApiId, () => [[[['read']], ['*']]]);
      api.root.addMethod('GET');
      routes.push('GET /b');
    });
    const [api] = only(template, 'AWS::ApiGateway::RestApi');

    expect(scopeRulesOf(template)).toEqual({
      api1: [
        [
          [['x'], ['y', 'z']],
          ['GET /a', 'GET /b'],
        ],
      ],
      [api]: [[[['read']], ['*']]],
    });
  });

  it('rejects a function that protects no API', () => {
    expect(() => authorizerFunction({}, false, () => undefined)).toThrow(
      'the authorizer function must protect at least one API, got: 0',
    );
  });

  it('rejects environment variables above the limit of Lambda, including the scope rules', () => {
    const withRoute = (name: string) => () =>
      authorizerFunction({ issuer: 'x'.repeat(2300) }, false, (authorizer) =>
        authorizer.enforce(authorizer, 'api1', () => [[[[]], [name]]]),
      );

    expect(withRoute('GET /')).not.toThrow();
    // Short enough to stay uncompressed.
    expect(withRoute('x'.repeat(990))).toThrow(
      /\[Stack\/Authorizer\] environment variables must not exceed 4096 bytes.* TOKEN_ISSUER \(2312\), SCOPE_RULES \(\d+\),/,
    );
  });

  it('counts an API id that is known only at deployment as ten characters', () => {
    const total = (id: string) => {
      const synthesis = () =>
        authorizerFunction({ issuer: 'x'.repeat(4096) }, false, (authorizer) =>
          authorizer.enforce(authorizer, id, () => []),
        );
      return Number(/got: (\d+)/.exec(String(thrownBy(synthesis)))?.[1]);
    };

    expect(total(Lazy.string({ produce: () => 'a1b2c3d4e5' }))).toBe(total('a1b2c3d4e5'));
    expect(total('a1b2c3d4e5f')).toBe(total('a1b2c3d4e5') + 1);
  });

  it('rejects a second protection of the same API', () => {
    const twice = (authorizer: AuthorizerFunction) => {
      authorizer.enforce(authorizer, 'api1', () => []);
      authorizer.enforce(authorizer, 'api1', () => []);
    };

    expect(thrownBy(() => authorizerFunction({}, false, twice))).toEqual(
      new PropError('api must not be protected twice, got: Stack/Authorizer'),
    );
  });

  it('rejects an API of another stack', () => {
    const app = newApp();
    const authorizer = defaults(new Stack(app, 'One'));
    const other = new RestApi(new Stack(app, 'Other'), 'Api');
    const error = thrownBy(() => authorizer.enforce(other, other.restApiId, () => []));
    const nested = new RestApi(new NestedStack(Stack.of(authorizer), 'Nested'), 'Api');

    expect(error).toBeInstanceOf(PropError);
    expect(String(error)).toMatch(
      /Other\/Api is in stack Other, One\/Authorizer is in stack One\. Create one AuthorizerFunction in each stack, with the same tokenCache and credentials$/,
    );
    expect(thrownBy(() => authorizer.enforce(nested, 'api1', () => []))).toBeInstanceOf(PropError);
  });

  it('shares the token cache and credentials with functions of other stacks', () => {
    const app = newApp();
    const [one, other] = [new Stack(app, 'One'), new Stack(app, 'Other')];
    const first = defaults(one);
    const second = defaults(other, {
      credentials: first.credentials,
      tokenCache: first.tokenCache,
    });
    for (const authorizer of [first, second]) authorizer.enforce(authorizer, 'api1', () => []);

    Template.fromStack(one).resourceCountIs('AWS::DynamoDB::Table', 1);
    Template.fromStack(other).resourceCountIs('AWS::DynamoDB::Table', 0);
    Template.fromStack(other).resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(other.dependencies).toEqual([one]);
  });

  it('creates a retained secret and a token cache by default', () => {
    const template = synthesizeConstructs((stack) => {
      const authorizer = defaults(stack);
      authorizer.enforce(authorizer, 'api1', () => []);
      new CfnOutput(stack, 'Secret', { value: authorizer.credentials.secretArn });
      new CfnOutput(stack, 'Table', { value: authorizer.tokenCache.tableName });
    });
    const [secret] = only(template, 'AWS::SecretsManager::Secret');
    const [table] = only(template, 'AWS::DynamoDB::Table');

    template.hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Retain' });
    template.hasOutput('Secret', { Value: { Ref: secret } });
    template.hasOutput('Table', { Value: { Ref: table } });
    template.hasResourceProperties(FUNCTION, {
      Environment: {
        Variables: Match.objectLike({
          INTROSPECTION_CREDENTIALS_SECRET_ARN: { Ref: secret },
          TOKEN_CACHE_TABLE: { Ref: table },
        }),
      },
    });
  });

  it('exposes the configured secret and token cache', () => {
    const stack = newStack();
    const credentials = new Secret(stack, 'Credentials');
    const tokenCache = new TokenCacheTable(stack, 'TokenCache');

    const authorizer = defaults(stack, { credentials, tokenCache });
    expect(authorizer.credentials).toBe(credentials);
    expect(authorizer.tokenCache).toBe(tokenCache);
  });

  it('uses the configured memory and log retention', () => {
    const template = authorizerFunction({
      memorySize: 1024,
      logRetention: RetentionDays.ONE_WEEK,
    });

    template.hasResourceProperties(FUNCTION, { MemorySize: 1024 });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });

  it('allows the function to use the key of the secret only to decrypt', () => {
    const template = authorizerFunction({}, true);
    const [key] = only(template, 'AWS::KMS::Key');

    expect(allowedBy(template).filter((line) => line.includes('kms:'))).toEqual([
      `Allow kms:Decrypt on {"Fn::GetAtt":["${key}","Arn"]}`,
    ]);
  });
});

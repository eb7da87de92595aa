import { Duration } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { readConfig } from '../../../lambda/core/config';
import {
  type AuthorizerFunctionProps,
  CacheControl,
  ClientAuthentication,
  IntrospectionResponse,
  TokenCacheTable,
} from '../../../lib';
import {
  authorizerEnvironment,
  environmentSizeErrors,
} from '../../../lib/authorizer/authorizer-environment';
import { newStack } from '../../support/synthesize';

const stack = newStack();
const credentials = new Secret(stack, 'Credentials');
const tokenCache = new TokenCacheTable(stack, 'TokenCache');
const environment = (props: Partial<AuthorizerFunctionProps> = {}) =>
  authorizerEnvironment({
    introspectionEndpoint: 'https://login.example.com/introspect',
    credentials,
    tokenCache,
    ...props,
  });
const complete = (props: Partial<AuthorizerFunctionProps> = {}) => ({
  ...environment(props),
  SCOPE_RULES: '{}',
});

describe('authorizerEnvironment', () => {
  it('configures the authorizer according to the props of the function', () => {
    const config = readConfig(
      complete({
        introspectionTimeout: Duration.millis(2500),
        introspectionResponse: IntrospectionResponse.member('jwt'),
        introspectionAccept: 'application/jwt',
        introspectionParameters: { required_claims: '' },
        clientAuthentication: ClientAuthentication.clientSecretPost(),
        caBundle: '-----BEGIN CERTIFICATE-----',
        issuer: 'https://login.example.com',
        audience: ['a', 'b'],
        tokenTypes: ['at+jwt'],
        jwksUri: 'https://login.example.com/jwks',
        notBeforeTolerance: Duration.seconds(5),
        cacheControl: CacheControl.IGNORE,
      }),
    );

    expect(config).toMatchObject({
      introspection: {
        timeoutSeconds: 2.5,
        accept: 'application/jwt',
        parameters: { required_claims: '' },
        response: { member: 'jwt', types: ['at+jwt'] },
        clientAuthentication: { method: 'client_secret_post' },
        caBundle: '-----BEGIN CERTIFICATE-----',
      },
      token: {
        issuer: 'https://login.example.com',
        audience: ['a', 'b'],
        jwksUri: new URL('https://login.example.com/jwks'),
        notBeforeToleranceSeconds: 5,
      },
      cache: { maxTtlSeconds: 300, inactiveTtlSeconds: 10, cacheControl: 'ignore' },
    });
  });

  it.each([
    ['a raw JWT', undefined, { accept: 'application/jwt', member: undefined }],
    ['JSON', IntrospectionResponse.member('x'), { accept: 'application/json', member: 'x' }],
  ])('requests the media type of %s', (_, introspectionResponse, { accept, member }) => {
    const { introspection } = readConfig(complete({ introspectionResponse }));

    expect(introspection).toMatchObject({ accept, response: { member, types: undefined } });
  });

  it('tolerates a clock that is 60 s ahead by default', () => {
    expect(readConfig(complete()).token.notBeforeToleranceSeconds).toBe(60);
  });

  it('accepts 4096 bytes of environment variables, and names the largest ones above that', () => {
    const sizeOf = (variables: Record<string, string>) =>
      Object.entries(variables)
        .filter(([, value]) => !value.includes('${Token'))
        .reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value), 0);
    // Each value that is known only at deployment counts as 256 bytes.
    const tokens = 'INTROSPECTION_CREDENTIALS_SECRET_ARN'.length + 'TOKEN_CACHE_TABLE'.length + 512;
    const room = 4096 - tokens - sizeOf(complete({ issuer: '' }));
    const errors = (issuer: string) => environmentSizeErrors(complete({ issuer }));

    expect(errors('x'.repeat(room))).toEqual([]);
    expect(errors('x'.repeat(room + 1))).toEqual([
      expect.stringMatching(/must not exceed 4096 bytes.*got: 4097.*TOKEN_ISSUER \(/),
    ]);
    expect(errors('é'.repeat(room / 2 + 1))).toHaveLength(1);
  });
});

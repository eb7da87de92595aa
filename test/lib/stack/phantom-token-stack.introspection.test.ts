import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { allowedBy, stackOf, synthesize } from '../../support/synthesize';

/** Returns the environment variables of the function of a stack, which need no synthesis. */
function environmentFor(
  introspection: Record<string, unknown>,
  token = {},
): Record<string, string> {
  const stack = stackOf({ introspection, token: { audience: 'api', ...token } });
  const functions = stack.node.findAll().filter((it) => it instanceof CfnFunction);
  expect(functions).toHaveLength(1);
  return stack.resolve(functions[0]?.environment).variables;
}

describe('the introspection of a stack', () => {
  it.each<[string, Record<string, unknown>, Record<string, string>]>([
    ['Curity', {}, { INTROSPECTION_ACCEPT: 'application/jwt', INTROSPECTION_PARAMETERS: '{}' }],
    [
      'a token procedure of Curity',
      { response: { member: 'phantom_token' } },
      { INTROSPECTION_ACCEPT: 'application/json', INTROSPECTION_RESPONSE_MEMBER: 'phantom_token' },
    ],
    [
      'Keycloak',
      { response: { member: 'jwt' }, accept: 'application/jwt' },
      { INTROSPECTION_ACCEPT: 'application/jwt', INTROSPECTION_RESPONSE_MEMBER: 'jwt' },
    ],
    [
      'WSO2',
      { response: { member: 'token_string' }, parameters: { required_claims: '' } },
      {
        INTROSPECTION_RESPONSE_MEMBER: 'token_string',
        INTROSPECTION_PARAMETERS: '{"required_claims":""}',
      },
    ],
  ])('the function of a stack is configured to introspect at %s', (_, introspection, expected) => {
    const variables = environmentFor(introspection);

    expect(variables).toMatchObject(expected);
    expect(Object.hasOwn(variables, 'INTROSPECTION_RESPONSE_MEMBER')).toBe(
      Object.hasOwn(expected, 'INTROSPECTION_RESPONSE_MEMBER'),
    );
  });

  it.each<[unknown, object]>([
    ['client_secret_basic', { method: 'client_secret_basic', encoding: 'form' }],
    [
      { method: 'client_secret_basic', encoding: 'raw' },
      { method: 'client_secret_basic', encoding: 'raw' },
    ],
    ['client_secret_post', { method: 'client_secret_post' }],
    ['tls_client_auth', { method: 'tls_client_auth' }],
    [
      'private_key_jwt',
      { method: 'private_key_jwt', audience: 'https://login.example.com/introspect' },
    ],
    [
      { method: 'private_key_jwt', audience: 'a', algorithm: 'PS256' },
      { method: 'private_key_jwt', audience: 'a', algorithm: 'PS256' },
    ],
  ])(
    'the function of a stack is configured to authenticate by %j',
    (clientAuthentication, expected) => {
      const variables = environmentFor({ clientAuthentication });

      expect(JSON.parse(variables['INTROSPECTION_CLIENT_AUTHENTICATION'] ?? '')).toEqual(expected);
    },
  );

  it('the function of a stack sends assertions to the issuer, if there is one', () => {
    const issuer = 'https://login.example.com/~';
    const variables = environmentFor({ clientAuthentication: 'private_key_jwt' }, { issuer });

    expect(JSON.parse(variables['INTROSPECTION_CLIENT_AUTHENTICATION'] ?? '')).toMatchObject({
      audience: issuer,
    });
  });

  it('the function of a stack is configured with token types, keys and certificate authorities', () => {
    const variables = environmentFor(
      { caBundle: '-----BEGIN CERTIFICATE-----' },
      { types: ['at+jwt'], jwksUri: 'https://login.example.com/jwks' },
    );

    expect(variables).toMatchObject({
      TOKEN_TYPES: '["at+jwt"]',
      TOKEN_JWKS_URI: 'https://login.example.com/jwks',
      INTROSPECTION_CA_BUNDLE: '-----BEGIN CERTIFICATE-----',
    });
  });

  it('the function of a stack has the same permissions for every configuration of introspection', () => {
    const allowedFor = (introspection: Record<string, unknown>) =>
      allowedBy(synthesize({ introspection, token: { audience: 'api' } }).template);

    expect(allowedFor({ clientAuthentication: 'tls_client_auth' })).toEqual(allowedFor({}));
  });
});

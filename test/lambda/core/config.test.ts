import { readConfig } from '../../../lambda/core/config';
import { faultWith, thrownBy } from '../../support/faults';

const MINIMAL = {
  INTROSPECTION_ENDPOINT: 'https://login.example.com/introspect',
  INTROSPECTION_TIMEOUT_SECONDS: '3',
  INTROSPECTION_ACCEPT: 'application/jwt',
  INTROSPECTION_PARAMETERS: '{}',
  INTROSPECTION_CLIENT_AUTHENTICATION: '{"method":"client_secret_post"}',
  INTROSPECTION_CREDENTIALS_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:1:secret:s-AbCdEf',
  TOKEN_NOT_BEFORE_TOLERANCE_SECONDS: '60',
  TOKEN_CACHE_TABLE: 'tokens',
  CACHE_MAX_TTL_SECONDS: '300',
  CACHE_INACTIVE_TTL_SECONDS: '10',
  CACHE_CONTROL: 'respect',
  CACHE_TIMEOUT_MILLISECONDS: '50',
  CACHE_COALESCE_INTROSPECTIONS: 'true',
  LOG_IDENTITIES: 'true',
  SCOPE_RULES: '{}',
};
const PEM = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----';
const invalid = (environment: Record<string, string | undefined>) =>
  thrownBy(() => readConfig({ ...MINIMAL, ...environment }));

describe('readConfig', () => {
  it('reads a config with the required variables only', () => {
    expect(readConfig(MINIMAL)).toEqual({
      introspection: {
        endpoint: new URL('https://login.example.com/introspect'),
        timeoutSeconds: 3,
        accept: 'application/jwt',
        parameters: {},
        response: { member: undefined, types: undefined },
        clientAuthentication: { method: 'client_secret_post' },
        credentialsSecretArn: 'arn:aws:secretsmanager:eu-central-1:1:secret:s-AbCdEf',
        caBundle: undefined,
      },
      token: {
        issuer: undefined,
        audience: [],
        jwksUri: undefined,
        notBeforeToleranceSeconds: 60,
        senderConstraint: 'refuse',
      },
      cache: {
        table: 'tokens',
        maxTtlSeconds: 300,
        inactiveTtlSeconds: 10,
        cacheControl: 'respect',
        timeoutMilliseconds: 50,
        coalesceIntrospections: true,
      },
      scopeRules: new Map(),
      logIdentities: true,
    });
  });

  it('reads a config with every variable', () => {
    const config = readConfig({
      ...MINIMAL,
      INTROSPECTION_TIMEOUT_SECONDS: '0.5',
      INTROSPECTION_ACCEPT: 'application/vnd.x-1.y+jwt',
      INTROSPECTION_PARAMETERS: '{"required_claims":"","a b":"é"}',
      INTROSPECTION_RESPONSE_MEMBER: 'phantom_token',
      INTROSPECTION_CA_BUNDLE: PEM,
      TOKEN_TYPES: '["at+jwt"]',
      TOKEN_JWKS_URI: 'https://login.example.com/jwks',
      TOKEN_ISSUER: 'https://login.example.com/~',
      TOKEN_AUDIENCE: '["api.example.com","orders"]',
      TOKEN_NOT_BEFORE_TOLERANCE_SECONDS: '0',
      TOKEN_UNTYPED: 'accept',
      TOKEN_SENDER_CONSTRAINT: 'require',
      TOKEN_MINT:
        '{"response":"json","issuer":"https://api.example.com","audience":["a"],"lifetimeSeconds":60}',
      SIGNING_KMS_KEY_ARN: 'arn:kms',
      CACHE_MAX_TTL_SECONDS: '0',
      CACHE_INACTIVE_TTL_SECONDS: '0',
      CACHE_CONTROL: 'ignore',
      CACHE_TIMEOUT_MILLISECONDS: '12.5',
      CACHE_COALESCE_INTROSPECTIONS: 'false',
      SCOPE_RULES: '{"api1":[[[["orders:read"],["admin"]],["GET,PUT /orders"]]]}',
      USAGE_IDENTIFIER_CLAIM: 'sub',
      LOG_IDENTITIES: 'false',
    });

    expect(config).toMatchObject({
      introspection: {
        timeoutSeconds: 0.5,
        accept: 'application/vnd.x-1.y+jwt',
        parameters: { required_claims: '', 'a b': 'é' },
        response: { member: 'phantom_token', types: ['at+jwt'], untyped: 'accept' },
        caBundle: PEM,
      },
      token: {
        issuer: 'https://login.example.com/~',
        audience: ['api.example.com', 'orders'],
        jwksUri: new URL('https://login.example.com/jwks'),
        notBeforeToleranceSeconds: 0,
        senderConstraint: 'require',
      },
      mint: { issuer: 'https://api.example.com', key: { kmsKeyArn: 'arn:kms' } },
      cache: { maxTtlSeconds: 0, inactiveTtlSeconds: 0, cacheControl: 'ignore' },
      scopeRules: new Map([
        [
          'api1',
          {
            audience: undefined,
            routes: new Map([
              ['GET /orders', [['orders:read'], ['admin']]],
              ['PUT /orders', [['orders:read'], ['admin']]],
            ]),
          },
        ],
      ]),
      usageIdentifierClaim: 'sub',
      logIdentities: false,
    });
  });

  it.each([
    ['INTROSPECTION_ENDPOINT', 'login.example.com'],
    ['INTROSPECTION_ENDPOINT', 'ftp://login.example.com'],
    ['INTROSPECTION_ENDPOINT', 'http://login.example.com'],
    ['INTROSPECTION_ENDPOINT', 'http://127.0.0.1.example.com'],
    ['INTROSPECTION_ENDPOINT', 'https://user@login.example.com'],
    ['INTROSPECTION_ENDPOINT', 'https://:secret@login.example.com'],
    ['INTROSPECTION_TIMEOUT_SECONDS', '0'],
    ['INTROSPECTION_TIMEOUT_SECONDS', '0.0'],
    ['INTROSPECTION_TIMEOUT_SECONDS', '-1'],
    ['INTROSPECTION_TIMEOUT_SECONDS', '3s'],
    ['INTROSPECTION_TIMEOUT_SECONDS', ''],
    ['INTROSPECTION_ACCEPT', ''],
    ['INTROSPECTION_ACCEPT', '*/*'],
    ['INTROSPECTION_ACCEPT', 'application/jwt, application/json'],
    ['INTROSPECTION_ACCEPT', 'application/jwt;q=1'],
    ['INTROSPECTION_ACCEPT', 'application/jwt\r\nx: y'],
    ['INTROSPECTION_PARAMETERS', '[]'],
    ['INTROSPECTION_PARAMETERS', '{"a":1}'],
    ['INTROSPECTION_PARAMETERS', 'a=b'],
    ['INTROSPECTION_RESPONSE_MEMBER', ''],
    ['INTROSPECTION_CA_BUNDLE', ''],
    ['INTROSPECTION_CA_BUNDLE', './ca.pem'],
    ['INTROSPECTION_CLIENT_AUTHENTICATION', 'client_secret_basic'],
    ['INTROSPECTION_CREDENTIALS_SECRET_ARN', ''],
    ['TOKEN_TYPES', '[]'],
    ['TOKEN_TYPES', 'at+jwt'],
    ['TOKEN_JWKS_URI', ''],
    ['TOKEN_JWKS_URI', 'http://login.example.com/jwks'],
    ['TOKEN_JWKS_URI', 'https://user@login.example.com/jwks'],
    ['TOKEN_ISSUER', ''],
    ['TOKEN_AUDIENCE', 'api.example.com'],
    ['TOKEN_AUDIENCE', '"api.example.com"'],
    ['TOKEN_AUDIENCE', '[1]'],
    ['TOKEN_AUDIENCE', '[]'],
    ['TOKEN_NOT_BEFORE_TOLERANCE_SECONDS', ''],
    ['TOKEN_NOT_BEFORE_TOLERANCE_SECONDS', '-1'],
    ['TOKEN_NOT_BEFORE_TOLERANCE_SECONDS', 'NaN'],
    ['TOKEN_CACHE_TABLE', ''],
    ['CACHE_MAX_TTL_SECONDS', '-1'],
    ['CACHE_MAX_TTL_SECONDS', 'Infinity'],
    ['CACHE_MAX_TTL_SECONDS', '1e3'],
    ['CACHE_INACTIVE_TTL_SECONDS', 'NaN'],
    ['CACHE_CONTROL', 'Respect'],
    ['CACHE_CONTROL', ''],
    ['CACHE_TIMEOUT_MILLISECONDS', '0'],
    ['CACHE_COALESCE_INTROSPECTIONS', 'yes'],
    ['LOG_IDENTITIES', 'no'],
    ['SCOPE_RULES', '[]'],
    ['SCOPE_RULES', ''],
  ])('refuses the variable %s=%s', (name, value) => {
    expect(invalid({ [name]: value })).toEqual(faultWith('configuration_invalid', name));
  });

  it.each(Object.keys(MINIMAL))('refuses a config without %s', (name) => {
    expect(invalid({ [name]: undefined })).toEqual(faultWith('configuration_invalid', name));
  });

  it.each(['http://127.0.0.1:8080/i', 'http://localhost/i', 'http://[::1]:1/i'])(
    'accepts %s, an endpoint on the machine itself',
    (endpoint) => {
      const config = readConfig({ ...MINIMAL, INTROSPECTION_ENDPOINT: endpoint });

      expect(config.introspection.endpoint.href).toBe(endpoint);
    },
  );

  it('lists every fault of a config at once', () => {
    const fault = thrownBy(() => readConfig({ TOKEN_ISSUER: '', SCOPE_RULES: '[]' }));

    for (const name of [...Object.keys(MINIMAL), 'TOKEN_ISSUER']) {
      expect(String(fault)).toContain(`${name} must be `);
    }
  });

  it('states the rule of every variable that breaks its rule', () => {
    const rules = {
      INTROSPECTION_ENDPOINT: 'an https: URL without credentials',
      INTROSPECTION_TIMEOUT_SECONDS: 'more than 0 seconds',
      INTROSPECTION_ACCEPT: 'one media type',
      INTROSPECTION_PARAMETERS: 'a JSON object of strings',
      INTROSPECTION_RESPONSE_MEMBER: 'the name of a member',
      TOKEN_TYPES: 'a JSON list of one or more strings',
      TOKEN_UNTYPED: '"accept" or "refuse"',
      INTROSPECTION_CLIENT_AUTHENTICATION: 'a JSON object with a known method',
      INTROSPECTION_CREDENTIALS_SECRET_ARN: 'the ARN of a secret',
      INTROSPECTION_CA_BUNDLE: 'certificates in PEM',
      TOKEN_ISSUER: 'a non-empty string',
      TOKEN_AUDIENCE: 'a JSON list of one or more strings',
      TOKEN_JWKS_URI: 'an https: URL without credentials',
      TOKEN_NOT_BEFORE_TOLERANCE_SECONDS: '0 or more seconds',
      TOKEN_SENDER_CONSTRAINT: '"refuse", "accept" or "require"',
      TOKEN_MINT:
        'a JSON object with the rules of minting, with either SIGNING_KEYS_SECRET_ARN or SIGNING_KMS_KEY_ARN',
      TOKEN_CACHE_TABLE: 'the name of a DynamoDB table',
      CACHE_MAX_TTL_SECONDS: '0 or more seconds',
      CACHE_INACTIVE_TTL_SECONDS: '0 or more seconds',
      CACHE_CONTROL: '"respect" or "ignore"',
      CACHE_TIMEOUT_MILLISECONDS: 'more than 0 milliseconds',
      CACHE_COALESCE_INTROSPECTIONS: '"true" or "false"',
      SCOPE_RULES:
        'a JSON object of APIs with pairs of scopes and routes, each route once, and one or more strings as each audience',
      USAGE_IDENTIFIER_CLAIM: '"sub" or "client_id"',
      LOG_IDENTITIES: '"true" or "false"',
    };
    const faulty = Object.fromEntries(Object.keys(rules).map((name) => [name, '']));

    expect(invalid(faulty)).toMatchObject({
      message: expect.stringContaining(
        Object.entries(rules)
          .map(([name, rule]) => `${name} must be ${rule}`)
          .join('; '),
      ),
    });
  });

  it('quotes no value of a faulty variable, which can be a misplaced secret', () => {
    const fault = invalid({ INTROSPECTION_ENDPOINT: 'https://user:Sesame-7f3a@example.com' });

    expect(JSON.stringify([fault, String(fault)])).not.toContain('Sesame');
  });
});

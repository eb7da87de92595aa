import { authorizerEnvironment } from '../../doctor/settings';
import { deploymentConfigSchema } from '../../lib/stack/config/schema';
import { type ConfigParts, configFile, synthesize } from '../support/synthesize';

const DEPLOYED_ONLY = [
  'POWERTOOLS_SERVICE_NAME',
  'INTROSPECTION_CREDENTIALS_SECRET_ARN',
  'TOKEN_CACHE_TABLE',
  'SCOPE_RULES',
  'SIGNING_KEYS_SECRET_ARN',
  'SIGNING_KMS_KEY_ARN',
];

const EVERYTHING: ConfigParts = {
  introspection: {
    response: { member: 'jwt' },
    accept: 'application/jwt',
    parameters: { required_claims: '' },
    clientAuthentication: { method: 'private_key_jwt', algorithm: 'ES256' },
    caBundle: '-----BEGIN CERTIFICATE-----',
    timeoutSeconds: 2.5,
  },
  token: {
    issuer: 'https://login.example.com/~',
    audience: ['a', 'b'],
    types: 'at+jwt',
    jwksUri: 'https://login.example.com/jwks',
    notBeforeToleranceSeconds: 5,
  },
  cache: {
    maxTtlSeconds: 10,
    inactiveTtlSeconds: 3,
    cacheControl: 'ignore',
    timeoutMilliseconds: 20,
    coalesceIntrospections: false,
  },
  api: { usageIdentifierClaim: 'sub' },
  operations: { logIdentities: false },
};

const MINT = { issuer: 'https://api.example.com', audience: 'orders', claims: { a: 'b' } };

test.each<[string, ConfigParts]>([
  ['only the required keys', {}],
  ['every key that the function reads', EVERYTHING],
  ['JSON and minting', { introspection: { response: 'json' }, token: { mint: MINT } }],
  [
    'signed responses and minting with a key in KMS',
    {
      introspection: { response: 'signed' },
      token: {
        issuer: 'https://login.example.com',
        jwksUri: 'https://login.example.com/jwks',
        untyped: 'accept',
        mint: { ...MINT, subject: 'username', lifetimeSeconds: 900, key: 'kms' },
      },
    },
  ],
  ['a member without accept', { introspection: { response: { member: 'jwt' } } }],
])('doctor reads a config with %s as the deployed function does', (_title, parts) => {
  const config = deploymentConfigSchema({ local: false }).parse(configFile(parts));
  const functions = synthesize(parts).template.findResources('AWS::Lambda::Function');
  const variables = Object.values(functions)
    .map(({ Properties }) => Properties.Environment?.Variables)
    .find((candidate) => candidate?.INTROSPECTION_ENDPOINT !== undefined);

  expect(shared(authorizerEnvironment(config))).toEqual(shared(variables));
});

/** Returns the variables that do not depend on the deployment. JSON is parsed: the order has no meaning. */
function shared(variables: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([name]) => !DEPLOYED_ONLY.includes(name))
      .map(([name, value]) => [
        name,
        /^[{[]/.test(String(value)) ? JSON.parse(String(value)) : value,
      ]),
  );
}

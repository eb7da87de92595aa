import { authorizerEnvironment } from '../../doctor/settings';
import { deploymentConfigSchema } from '../../lib/stack/config/schema';
import { type ConfigParts, configFile, synthesize } from '../support/synthesize';

const DEPLOYED_ONLY = [
  'POWERTOOLS_SERVICE_NAME',
  'INTROSPECTION_CREDENTIALS_SECRET_ARN',
  'TOKEN_CACHE_TABLE',
  'SCOPE_RULES',
  'SIGNING_KEYS_SECRET_ARN',
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

const MINT = { issuer: 'https://api.example.com', audience: 'orders', subject: 'username' };

test.each<[string, ConfigParts]>([
  ['only the required keys', {}],
  ['every key that the function reads', EVERYTHING],
  ['a member without accept', { introspection: { response: { member: 'jwt' } } }],
  [
    'plain JSON',
    { introspection: { response: 'json', parameters: { a: 'b' } }, token: { mint: MINT } },
  ],
  [
    'signed responses',
    {
      introspection: { response: 'signed' },
      token: {
        ...{ issuer: 'https://login.example.com', jwksUri: 'https://login.example.com/jwks' },
        ...{ untyped: 'accept', mint: { ...MINT, lifetimeSeconds: 900, claims: { t: 'ext.t' } } },
      },
    },
  ],
])('doctor reads a config with %s as the deployed function does', (_title, parts) => {
  const config = deploymentConfigSchema({ local: false }).parse(configFile(parts));
  const functions = Object.values(
    synthesize(parts).template.findResources('AWS::Lambda::Function'),
  );
  const [Variables = {}] = functions
    .map(({ Properties }) => Properties.Environment.Variables)
    .filter((variables) => 'INTROSPECTION_ENDPOINT' in variables);

  expect(shared(authorizerEnvironment(config))).toEqual(shared(Variables));
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

import { configFaults } from '../../../support/config-faults';

it('a config fault names the key, the rule and the value got', () => {
  expect(configFaults({ cache: { timeoutMilliseconds: 7200 } })).toEqual([
    'cache.timeoutMilliseconds: must be a whole number from 5 to 1000, got: 7200',
  ]);
  expect(configFaults({ operations: { reservedConcurrency: 0, vpc: [] } })).toEqual([
    'operations.reservedConcurrency: must be a whole number of at least 1, got: 0',
    'operations.vpc: must be an object with "vpcId" and "subnetIds", got: an empty list',
  ]);
  expect(configFaults({ api: { scopes: null, cors: 'x', routes: [7] } })).toEqual([
    'api.scopes: must be a list of strings, got: null',
    'api.routes[0]: must be an object with "method" and "path", got: 7',
    'api.cors: must be an object with "allowOrigins", got: "x"',
  ]);
});

it('the fault of a missing config key states that it is required', () => {
  expect(configFaults({ introspection: { endpoint: undefined }, operations: { vpc: {} } })).toEqual(
    [
      'introspection.endpoint: is required',
      'operations.vpc.vpcId: is required',
      'operations.vpc.subnetIds: is required',
    ],
  );
});

it('a fault of a long value shows its first 80 characters', () => {
  expect(configFaults({ api: { scopes: ['a b'.repeat(50)] } })).toEqual([
    expect.stringMatching(/^api\.scopes\[0\]: must be one scope.*, got: "[ab ]{79}…$/),
  ]);
});

it.each([
  { endpoint: 'https://client:Sesame@login.example.com/introspect' },
  { endpoint: 'client:Sesame@login.example.com' },
  { endpoint: 'https://login.example.com/introspect?client_secret=Sesame' },
  { endpoint: 'https://login.example.com/introspect#Sesame' },
  { credentialsSecretArn: 'Sesame' },
  { parameters: { client_secret: 'Sesame' } },
  { parameters: 'Sesame' },
  { clientAuthentication: { method: 'client_secret_post', secret: 'Sesame' } },
  { response: ['Sesame'] },
])('faults of introspection %j do not show a value that can be a credential', (introspection) => {
  const faults = configFaults({ introspection });

  expect(faults).toHaveLength(1);
  expect(faults.join()).not.toContain('Sesame');
});

it('a config key that is misspelled, or in another section, is unknown and the known one is suggested', () => {
  expect(
    configFaults({
      introspection: {
        maxTtlSeconds: 1,
        clientAuthentication: { method: 'private_key_jwt', alg: 1 },
      },
      api: { upstreem: 'x', routes: [{ method: 'GET', path: '/', scope: [] }] },
    }),
  ).toEqual([
    'introspection.clientAuthentication.alg: is not a known key',
    'introspection.maxTtlSeconds: is not a known key; did you mean cache.maxTtlSeconds?',
    'api.routes[0].scope: is not a known key; did you mean api.routes[].scopes?',
    'api.upstreem: is not a known key; did you mean api.upstream?',
  ]);
});

it('a config key that another method of client authentication has is unknown, without a suggestion', () => {
  const clientAuthentication = { method: 'client_secret_post', encoding: 'raw' };

  expect(configFaults({ introspection: { clientAuthentication } })).toEqual([
    'introspection.clientAuthentication.encoding: is not a known key',
  ]);
});

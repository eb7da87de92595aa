import { configFaults, loadedConfig } from '../../../support/config-faults';

describe('the scopes of a route in a config', () => {
  const routeWith = (scopes: unknown) => ({
    api: { routes: [{ method: 'GET', path: '/', scopes }] },
  });

  it.each([
    ['a list', ['a', 'b']],
    ['an empty list', []],
    ['a list of lists', [['a', 'b'], ['c']]],
  ])('the scopes of a route can be %s', (_, scopes) => {
    expect(loadedConfig(routeWith(scopes)).api.routes).toEqual([
      { method: 'GET', path: '/', scopes, public: false },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['a list after a scope', ['a', ['b']], 'scopes[1]: '],
    ['a scope after a list', [['a'], 'b'], 'scopes['],
    ['a number', [1], 'scopes[0]: '],
    ['a string', 'a b', 'scopes: '],
    ['an empty alternative', [['a'], []], 'scopes[1]: '],
    ['an invalid scope', ['a', 'b c'], 'scopes[1]: must be one scope'],
    ['an invalid scope in an alternative', [['a'], ['b', 'c"']], 'scopes[1][1]: must be one scope'],
    ['an empty scope in an alternative', [['']], 'scopes[0][0]: must be one scope'],
  ])('the scopes of a route cannot have %s, which is a fault at its place', (_, scopes, fault) => {
    expect(configFaults(routeWith(scopes))).toEqual([
      expect.stringContaining(`api.routes[0].${fault}`),
    ]);
  });

  it('a public route cannot have scopes', () => {
    const route = { method: 'GET', path: '/', scopes: [['a']], public: true };

    expect(configFaults({ api: { routes: [{ method: 'GET', path: '/a' }, route] } })).toEqual([
      'api.routes[1].scopes: must be absent on a public route, which has no authorizer',
    ]);
  });
});

describe('phantomTokenHeader in a config', () => {
  it.each(['x-phantom-token', 'X-JWT', 'Authorization-Token', 'x-amzing'])(
    'phantomTokenHeader can be %s',
    (name) => {
      const api = { type: 'HTTP', phantomTokenHeader: name };

      expect(loadedConfig({ api }).api).toHaveProperty('phantomTokenHeader', name);
    },
  );

  it.each([
    ['Authorization', 'must be a header that HTTP APIs do not reserve'],
    ['AUTHORIZATION', 'must be a header that HTTP APIs do not reserve'],
    ['host', 'must be a header that HTTP APIs do not reserve'],
    ['Content-Length', 'must be a header that HTTP APIs do not reserve'],
    ['Access-Control-Anything', 'must be a header that HTTP APIs do not reserve'],
    ['apigw-x', 'must be a header that HTTP APIs do not reserve'],
    ['x-amz-date', 'must be a header that HTTP APIs do not reserve'],
    ['X-Amzn-Trace-Id', 'must be a header that HTTP APIs do not reserve'],
    ['x-forwarded-for', 'must be a header that HTTP APIs do not reserve'],
    ['via', 'must be a header that HTTP APIs do not reserve'],
    ['', 'must be a header name'],
    ['x token', 'must be a header name'],
    ['x:token', 'must be a header name'],
    ['x-token\n', 'must be a header name'],
  ])('phantomTokenHeader cannot be %j, which %s', (name, fault) => {
    expect(configFaults({ api: { type: 'HTTP', phantomTokenHeader: name } })).toEqual([
      `api.phantomTokenHeader: ${fault}, got: ${JSON.stringify(name)}`,
    ]);
  });
});

it('usageIdentifierClaim is accepted for REST APIs only', () => {
  expect(configFaults({ api: { type: 'HTTP', usageIdentifierClaim: 'sub' } })).toEqual([
    'api.usageIdentifierClaim: is supported for REST APIs only',
  ]);
  expect(configFaults({ api: { usageIdentifierClaim: 'email' } })).toEqual([
    expect.stringContaining('api.usageIdentifierClaim: '),
  ]);
});

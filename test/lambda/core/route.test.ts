import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { type Decision, decide } from '../../../lambda/core/decision';
import { type RouteRule, ruleOf, scopeRules } from '../../../lambda/core/route';
import { faultWith, thrownBy } from '../../support/faults';
import { facts, NOW } from '../../support/tokens';

const ENCODED_RULES = {
  api1: [
    [[['orders:read'], ['orders:admin', 'audit']], ['GET,HEAD /orders']],
    [[['orders:write']], ['ANY /orders', 'PUT /files/{name,with}']],
    [[[]], ['GET /open']],
    [[['files']], ['/files/{name,with}']],
    [[['fallback']], ['$default']],
  ],
  api2: [[[['read'], ['admin']], ['*']]],
  api3: [],
};
let rules: ReturnType<typeof rulesFrom>;
beforeAll(() => {
  rules = rulesFrom(ENCODED_RULES);
});

function rulesFrom(encoded: object) {
  const rules = scopeRules(JSON.stringify(encoded));
  if (rules === undefined) throw new Error('the rules are refused');
  return rules;
}
const scopesRequired = (...of: Parameters<typeof ruleOf>): RouteRule['alternatives'] =>
  ruleOf(...of).alternatives;
const required = (...routeNames: string[]) => scopesRequired(rules, { apiId: 'api1', routeNames });

describe('ruleOf', () => {
  it('a route requires the alternatives of its rule', () => {
    expect(required('GET /orders')).toEqual([['orders:read'], ['orders:admin', 'audit']]);
    expect(required('GET /open')).toEqual([[]]);
  });

  it('methods that are named together require the same scopes', () => {
    expect(required('HEAD /orders')).toEqual(required('GET /orders'));
  });

  it('a comma separates methods only, not parts of a path', () => {
    expect(required('PUT /files/{name,with}')).toEqual([['orders:write']]);
    expect(required('/files/{name,with}')).toEqual([['files']]);
  });

  it('every route requires the same scopes if routes do not differ', () => {
    for (const routeNames of [['GET /whatever'], ['$default'], []]) {
      expect(scopesRequired(rules, { apiId: 'api2', routeNames })).toEqual([['read'], ['admin']]);
    }
  });

  it.each([
    ['its own method before ANY', 'GET /orders', [['orders:read'], ['orders:admin', 'audit']]],
    ['ANY where its method has no rule', 'POST /orders', [['orders:write']]],
  ])('a route has the rule of %s', (_, name, expected) => {
    expect(required(name, 'ANY /orders', '/orders')).toEqual(expected);
  });

  it('a route has the rule of its first name that has one, whatever the order of the rules', () => {
    expect(required('ANY /orders', 'GET /orders')).toEqual([['orders:write']]);
  });

  it('the route $default can have a rule', () => {
    expect(required('$default')).toEqual([['fallback']]);
    expect(required('GET $default', 'ANY $default', '$default')).toEqual([['fallback']]);
  });

  it.each([
    ['another method', ['GET /open/x', 'ANY /open/x'], 'GET /open/x'],
    ['another path', ['POST /open', 'ANY /open', '/open'], 'POST /open'],
    ['another case', ['GET /OPEN', 'ANY /OPEN'], 'GET /OPEN'],
    ['a slash at the end', ['GET /open/', 'ANY /open/'], 'GET /open/'],
    ['the path of a request', ['GET /orders/1'], 'GET /orders/1'],
    ['the path alone', ['/orders'], '/orders'],
    ['all methods together', ['GET,HEAD /orders'], 'GET,HEAD /orders'],
    ['no name', [], '(none)'],
  ])('%s that no rule covers is a fault', (_, names, named) => {
    const fault = faultWith(
      'route_not_configured',
      `no rule covers the route ${named} of the API api1`,
    );

    expect(thrownBy(() => required(...names))).toEqual(fault);
  });

  it.each(['api3', 'api4', 'API1', '', '__proto__', 'constructor'])(
    'every route of the API %j is a fault, since it has no rule',
    (apiId) => {
      for (const name of ['GET /orders', 'GET /open', '$default', '*']) {
        expect(thrownBy(() => scopesRequired(rules, { apiId, routeNames: [name] }))).toEqual(
          faultWith('route_not_configured'),
        );
      }
    },
  );

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'GET /constructor'])(
    'a member %s that every object inherits is not a rule',
    (name) => {
      expect(thrownBy(() => required(name))).toEqual(faultWith('route_not_configured'));
    },
  );

  it.each(['__proto__', 'constructor', 'GET /__proto__', 'GET /constructor'])(
    'a route and an API that are called %s can have a rule',
    (name) => {
      const rules = scopeRules(`{"${name}":[[[["special"]],["${name}"]]]}`);

      expect(rules && scopesRequired(rules, { apiId: name, routeNames: [name] })).toEqual([
        ['special'],
      ]);
    },
  );
});

describe('scopeRules', () => {
  it.each([
    ['text that is not JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no list of rules', '{"api":{}}'],
    ['a rule that is not a pair', '{"api":[[[["a"]]]]}'],
    ['a rule of three', '{"api":[[[["a"]],["*"],["*"]]]}'],
    ['a rule of four', '{"api":[[[["a"]],["*"],{"audience":["a"]},1]]}'],
    ['a rule that is an object', '{"api":[{"0":[["a"]],"1":["*"],"length":2}]}'],
    ['no alternative, which would deny every token', '{"api":[[[],["*"]]]}'],
    ['a scope instead of an alternative', '{"api":[[["a"],["*"]]]}'],
    ['an alternative that is null', '{"api":[[[null],["*"]]]}'],
    ['a malformed scope', '{"api":[[[["a",1]],["*"]]]}'],
    ['a route instead of routes', '{"api":[[[["a"]],"*"]]}'],
    ['a malformed route', '{"api":[[[["a"]],[1]]]}'],
    ['a route twice', '{"api":[[[["a"]],["GET /"]],[[["b"]],["POST,GET /"]]]}'],
    ['a faulty API and a good one', '{"good":[[[["a"]],["*"]]],"api":[1]}'],
  ])('refuses as scope rules: %s', (_, text) => {
    expect(scopeRules(text)).toBeUndefined();
  });

  it.each([
    ['is not deflated', '"W1tbW11dLFsiKiJdXV0="'],
    ['is cut off', JSON.stringify(deflateRawSync('[[[[]],["*"]]]').toString('base64').slice(0, 8))],
    ['is not JSON', JSON.stringify(deflateRawSync('[').toString('base64'))],
    ['is not a list', JSON.stringify(deflateRawSync('{}').toString('base64'))],
    ['is empty', '""'],
  ])('refuses packed rules whose text %s', (_, packed) => {
    expect(scopeRules(`{"api":${packed}}`)).toBeUndefined();
  });

  it('reads packed scope rules', () => {
    const packed = deflateRawSync('[[[["é"]],["GET /"]]]').toString('base64');
    const rules = scopeRules(JSON.stringify({ api: packed }));

    expect(rules?.get('api')?.routes.get('GET /')).toEqual([['é']]);
  });

  it('reads an audience for each API, with plain or packed rules', () => {
    const packed = deflateRawSync('[[[["a"]],["*"]]]').toString('base64');
    const rules = rulesFrom({
      cards: { audience: ['cards', 'legacy'], rules: [[[['a']], ['*']]] },
      payments: { audience: ['payments'], rules: packed },
      open: [[[['a']], ['*']]],
    });

    expect(['cards', 'payments', 'open'].map((apiId) => rules.get(apiId)?.audience)).toEqual([
      ['cards', 'legacy'],
      ['payments'],
      undefined,
    ]);
    for (const apiId of rules.keys()) {
      expect(scopesRequired(rules, { apiId, routeNames: [] })).toEqual([['a']]);
    }
  });

  it.each([
    ['that is absent', {}],
    ['that is empty', { audience: [] }],
    ['with an empty name', { audience: ['a', ''] }],
    ['that is not a list', { audience: 'a' }],
    ['with a number', { audience: [1] }],
    ['that is null', { audience: null }],
  ])('refuses an audience %s, which would turn off the check', (_, audience) => {
    const api = { ...audience, rules: [[[['a']], ['*']]] };

    expect(scopeRules(JSON.stringify({ api }))).toBeUndefined();
  });

  it('reads base URLs for each API, and whether API Gateway caches its results', () => {
    const rules = [[[['a']], ['*']]];
    const read = rulesFrom({
      plain: rules,
      urls: { publicUrls: ['https://api.example.com/v1', 'http://localhost:1'], rules },
      uncached: { uncached: true, rules },
    });
    const routes = { routes: new Map([['*', [['a']]]]), conditions: new Map() };

    expect(Object.fromEntries(read)).toStrictEqual({
      plain: { audience: undefined, publicUrls: [], ...routes },
      urls: {
        audience: undefined,
        publicUrls: [new URL('https://api.example.com/v1'), new URL('http://localhost:1')],
        ...routes,
      },
      uncached: { audience: undefined, publicUrls: [], uncached: true, ...routes },
    });
  });

  it.each([
    ['base URLs that are not a list', { publicUrls: 'https://api.example.com' }],
    ['a base URL that is not https', { publicUrls: ['https://a.example', 'http://b.example'] }],
    ['a base URL with credentials', { publicUrls: ['https://user@api.example.com'] }],
    ['a base URL that is a number', { publicUrls: [1] }],
    ['a setting for uncached results other than true', { uncached: false }],
  ])('refuses %s', (_, settings) => {
    const api = { audience: ['a'], ...settings, rules: [[[['a']], ['*']]] };

    expect(scopeRules(JSON.stringify({ api }))).toBeUndefined();
  });

  it('refuses an audience without rules', () => {
    expect(scopeRules('{"api":{"audience":["a"]}}')).toBeUndefined();
  });

  it('accepts the same route of two APIs', () => {
    const rules = scopeRules('{"one":[[[["a"]],["GET /"]]],"two":[[[["b"]],["GET /"]]]}');
    const of = (apiId: string) => rules && scopesRequired(rules, { apiId, routeNames: ['GET /'] });

    expect([of('one'), of('two')]).toEqual([[['a']], [['b']]]);
  });
});

describe('decide', () => {
  const outcome = (
    granted: readonly string[] | undefined,
    scopes: readonly (readonly string[])[],
  ): Decision['outcome'] =>
    decide(
      { facts: facts({ scopes: granted }) },
      { issuer: undefined, audience: [], scopes, notBeforeToleranceSeconds: 60 },
      NOW,
    ).outcome;

  it.each([
    ['the first alternative', ['a']],
    ['all of another alternative', ['b', 'c']],
    ['both', ['a', 'b', 'c']],
    ['one of them and more', ['z', 'c', 'b']],
  ])('allows a token that was granted %s', (_, granted) => {
    expect(outcome(granted, [['a'], ['b', 'c']])).toBe('allow');
  });

  it.each([
    ['nothing', []],
    ['no scopes at all', undefined],
    ['half of an alternative', ['b']],
    ['halves of two alternatives', ['b', 'd']],
    ['another scope', ['x']],
  ])('forbids a token that was granted %s', (_, granted) => {
    const required = [['a'], ['b', 'c'], ['d', 'e']];

    expect(outcome(granted, required)).toBe('forbidden');
  });

  it('requires no scope if an alternative is empty, and forbids if there is no alternative', () => {
    expect(outcome([], [[]])).toBe('allow');
    expect(outcome(undefined, [['a'], []])).toBe('allow');
    expect(outcome(['a', 'b'], [])).toBe('forbidden');
  });

  it('allows exactly the grants that the rules allow, for any rules', () => {
    const universe = ['a', 'b', 'c', 'd'];
    // Scopes as bits of a number: nothing in common with how the function does it.
    const bits = (scopes: readonly string[]) =>
      scopes.reduce((mask, scope) => mask | (1 << universe.indexOf(scope)), 0);
    const scopes = fc.array(fc.constantFrom(...universe), { maxLength: 5 });
    const seen = new Set<string>();

    fc.assert(
      fc.property(fc.array(scopes, { minLength: 1, maxLength: 4 }), scopes, (route, granted) => {
        const rules = rulesFrom({ api: [[route, ['GET /']]] });
        const routeNames = ['GET /', 'ANY /', '/'];
        const has = bits(granted);
        const expected = route.some((list) => (bits(list) & ~has) === 0);
        const actual = outcome(granted, scopesRequired(rules, { apiId: 'api', routeNames }));
        seen.add(actual);

        expect(actual).toBe(expected ? 'allow' : 'forbidden');
      }),
      { numRuns: 500 },
    );
    expect(seen.size).toBe(2);
  });
});

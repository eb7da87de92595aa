import fc from 'fast-check';
import { type Decision, decide } from '../../../lambda/core/decision';
import { scopesRequired } from '../../../lambda/core/route';
import { faultWith, thrownBy } from '../../support/faults';
import { facts, NOW } from '../../support/tokens';

const RULES = {
  requiredScopes: ['api'],
  routeScopes: {
    'GET /orders': [['orders:read'], ['orders:admin', 'audit']],
    'ANY /orders': [['orders:write']],
    'GET /open': [[]],
    $default: [['fallback']],
  },
};

describe('scopesRequired', () => {
  it('adds the scopes of the API to every alternative of the route', () => {
    expect(scopesRequired(RULES, ['GET /orders'])).toEqual([
      ['api', 'orders:read'],
      ['api', 'orders:admin', 'audit'],
    ]);
  });

  it('requires the scopes of the API where the route adds none', () => {
    expect(scopesRequired(RULES, ['GET /open'])).toEqual([['api']]);
  });

  it('requires the scopes of the API of every route where routes do not differ', () => {
    const alike = { requiredScopes: ['api'], routeScopes: undefined };

    expect(scopesRequired(alike, ['GET /whatever'])).toEqual([['api']]);
    expect(scopesRequired({ ...alike, requiredScopes: [] }, ['GET /whatever'])).toEqual([[]]);
  });

  it.each([
    [
      'its own method before ANY',
      'GET /orders',
      [
        ['api', 'orders:read'],
        ['api', 'orders:admin', 'audit'],
      ],
    ],
    ['ANY where its method has no rule', 'POST /orders', [['api', 'orders:write']]],
  ])('goes by %s', (_, name, expected) => {
    expect(scopesRequired(RULES, [name, 'ANY /orders', '/orders'])).toEqual(expected);
  });

  it('goes by the first name that a rule has, whatever the order of the rules', () => {
    const { 'GET /orders': exact, ...others } = RULES.routeScopes;
    const reordered = { ...RULES, routeScopes: { ...others, 'GET /orders': exact } };

    expect(scopesRequired(reordered, ['GET /orders', 'ANY /orders'])).toEqual(
      scopesRequired(RULES, ['GET /orders', 'ANY /orders']),
    );
    expect(scopesRequired(RULES, ['ANY /orders', 'GET /orders'])).toEqual([
      ['api', 'orders:write'],
    ]);
  });

  it('knows the route $default', () => {
    expect(scopesRequired(RULES, ['$default'])).toEqual([['api', 'fallback']]);
    expect(scopesRequired(RULES, ['GET $default', 'ANY $default', '$default'])).toEqual([
      ['api', 'fallback'],
    ]);
  });

  it.each([
    ['another method', ['GET /open/x', 'ANY /open/x']],
    ['another path', ['POST /open', 'ANY /open', '/open']],
    ['another case', ['GET /OPEN', 'ANY /OPEN']],
    ['a slash at the end', ['GET /open/', 'ANY /open/']],
    ['the path of a request', ['GET /orders/1']],
    ['the path alone', ['/orders']],
    ['no name', []],
  ])('is a fault for %s, which no rule covers', (_, names) => {
    expect(thrownBy(() => scopesRequired(RULES, names))).toEqual(faultWith('route_not_configured'));
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'GET /constructor'])(
    'finds no rule for %s in what every object inherits',
    (name) => {
      expect(thrownBy(() => scopesRequired(RULES, [name]))).toEqual(
        faultWith('route_not_configured'),
      );
    },
  );

  it.each(['__proto__', 'constructor', 'GET /__proto__', 'GET /constructor'])(
    'finds the rule of a route that is called %s',
    (name) => {
      const routeScopes = JSON.parse(`{"${name}": [["special"]]}`);

      expect(scopesRequired({ requiredScopes: ['api'], routeScopes }, [name])).toEqual([
        ['api', 'special'],
      ]);
    },
  );
});

describe('decide', () => {
  const outcome = (
    granted: readonly string[] | undefined,
    scopes: readonly (readonly string[])[],
  ): Decision['outcome'] =>
    decide({ facts: facts({ scopes: granted }) }, { issuer: undefined, audience: [], scopes }, NOW)
      .outcome;

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
    ['something else', ['x']],
  ])('forbids a token that was granted %s', (_, granted) => {
    const required = [['a'], ['b', 'c'], ['d', 'e']];

    expect(outcome(granted, required)).toBe('forbidden');
  });

  it('requires nothing where an alternative is empty, and forbids where there is none', () => {
    expect(outcome([], [[]])).toBe('allow');
    expect(outcome(undefined, [['a'], []])).toBe('allow');
    expect(outcome(['a', 'b'], [])).toBe('forbidden');
  });

  it('allows exactly what the rules allow, whatever they are', () => {
    const universe = ['a', 'b', 'c', 'd'];
    // Scopes as bits of a number: nothing in common with how the function does it.
    const bits = (scopes: readonly string[]) =>
      scopes.reduce((mask, scope) => mask | (1 << universe.indexOf(scope)), 0);
    const scopes = fc.array(fc.constantFrom(...universe), { maxLength: 5 });
    const seen = new Set<string>();

    fc.assert(
      fc.property(
        scopes,
        fc.array(scopes, { minLength: 1, maxLength: 4 }),
        scopes,
        (api, route, granted) => {
          const required = scopesRequired(
            { requiredScopes: api, routeScopes: { 'GET /': route } },
            ['GET /', 'ANY /', '/'],
          );
          const has = bits(granted);
          const expected = route.some((list) => ((bits(list) | bits(api)) & ~has) === 0);
          const actual = outcome(granted, required);
          seen.add(actual);

          expect(actual).toBe(expected ? 'allow' : 'forbidden');
        },
      ),
      { numRuns: 500 },
    );
    expect(seen.size).toBe(2);
  });
});

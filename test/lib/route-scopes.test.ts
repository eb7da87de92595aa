import fc from 'fast-check';
import { scopesRequired } from '../../lambda/core/route';
import {
  type Route,
  scopeRules,
  scopesOfAnyRoute,
  scopesOfEveryRoute,
} from '../../lib/route-scopes';

const route = (method: string, path: string, ...scopes: string[]): Route => ({
  method,
  path,
  scopes,
});

describe('scopeRules', () => {
  it('requires what the API requires where no route adds to it', () => {
    expect(scopeRules(['read'], [route('GET', '/a'), route('ANY', '/b')])).toEqual({
      requiredScopes: ['read'],
    });
    expect(scopeRules([], [])).toEqual({ requiredScopes: [] });
  });

  it('requires the same of all routes where all add the same, in whatever order', () => {
    const routes = [route('GET', '/a', 'x', 'y'), route('GET', '/b', 'y', 'x', 'y')];

    expect(scopeRules(['read', 'x'], routes)).toEqual({ requiredScopes: ['read', 'x', 'y'] });
  });

  it('names what each route adds where they differ', () => {
    expect(scopeRules(['read'], [route('get', '/a', 'x'), route('ANY', '/b')])).toEqual({
      requiredScopes: ['read'],
      routeScopes: { 'GET /a': [['x']], 'ANY /b': [[]] },
    });
  });

  it('names alternatives by route, also where all routes have the same', () => {
    const alternatives = [['x'], ['y', 'z']];

    expect(scopeRules([], [{ method: 'GET', path: '/a', scopes: alternatives }])).toEqual({
      requiredScopes: [],
      routeScopes: { 'GET /a': alternatives },
    });
  });

  it('leaves public routes out', () => {
    const routes = [route('GET', '/a', 'x'), { ...route('GET', '/b'), public: true }];

    expect(scopeRules([], routes)).toEqual({ requiredScopes: ['x'] });
  });

  it('has the function grant for each route what its declaration grants', () => {
    const scope = fc.constantFrom('a', 'b', 'c');
    const declared = fc.uniqueArray(
      fc.record({
        method: fc.constantFrom('GET', 'POST', 'ANY'),
        path: fc.constantFrom('/', '/x', '/x/{id}'),
        scopes: fc.oneof(
          fc.array(scope, { maxLength: 2 }),
          fc.array(fc.array(scope, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
        ),
      }),
      { minLength: 1, selector: ({ method, path }) => `${method} ${path}` },
    );

    fc.assert(
      fc.property(
        fc.array(scope, { maxLength: 1 }),
        declared,
        fc.subarray(['a', 'b', 'c']),
        (api, routes, grant) => {
          const rules = { routeScopes: undefined, ...scopeRules(api, routes) };
          const granted = (scopes: readonly string[]) => scopes.every((s) => grant.includes(s));
          for (const { method, path, scopes } of routes) {
            const required = scopesRequired(rules, [`${method} ${path}`]);
            const lists = (
              scopes.length > 0 && Array.isArray(scopes[0]) ? scopes : [scopes]
            ) as readonly (readonly string[])[];
            expect(required.some(granted)).toBe(granted(api) && lists.some(granted));
          }
        },
      ),
    );
  });
});

describe('the scopes that are told to clients', () => {
  const routes: Route[] = [
    { method: 'GET', path: '/a', scopes: ['x', 'y'] },
    { method: 'GET', path: '/b', scopes: [['x'], ['x', 'z']] },
    { method: 'GET', path: '/c', public: true },
  ];

  it('are, in challenges, those that no protected route does without', () => {
    expect(scopesOfEveryRoute(['read'], routes)).toEqual(['read', 'x']);
    expect(scopesOfEveryRoute([], [route('GET', '/a', 'x'), route('GET', '/b')])).toEqual([]);
  });

  it('are, in the metadata, all that mean something', () => {
    expect(scopesOfAnyRoute(['read'], routes)).toEqual(['read', 'x', 'y', 'z']);
  });
});

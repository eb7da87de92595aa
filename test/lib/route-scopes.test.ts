import fc from 'fast-check';
import { scopesRequired } from '../../lambda/core/route';
import { scopeRules } from '../../lib/route-scopes';

const route = (method: string, path: string, ...scopes: string[]) => ({ method, path, scopes });

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
      routeScopes: { 'GET /a': ['x'], 'ANY /b': [] },
    });
  });

  it('has the function require of each route what was declared for it', () => {
    const scope = fc.constantFrom('a', 'b', 'c');
    const declared = fc.uniqueArray(
      fc.record({
        method: fc.constantFrom('GET', 'POST'),
        path: fc.constantFrom('/', '/x', '/x/{id}'),
        scopes: fc.array(scope, { maxLength: 2 }),
      }),
      { minLength: 1, selector: ({ method, path }) => `${method} ${path}` },
    );

    fc.assert(
      fc.property(fc.array(scope, { maxLength: 2 }), declared, (api, routes) => {
        const { requiredScopes, routeScopes } = scopeRules(api, routes);
        for (const { method, path, scopes } of routes) {
          const matched = { httpMethod: method, resource: path, methodArn: '' };
          const required = scopesRequired({ requiredScopes, routeScopes }, matched);
          expect(new Set(required)).toEqual(new Set([...api, ...scopes]));
        }
      }),
    );
  });
});

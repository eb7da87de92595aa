import fc from 'fast-check';
import { expandAny } from '../../../lib/api/phantom-token-http-api';
import { EVERY_ROUTE, type Route } from '../../../lib/scopes/route-scopes';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

describe('expandAny', () => {
  it('routes of an HTTP API stay as they are without CORS', () => {
    expect(expandAny(EVERY_ROUTE, false)).toEqual(EVERY_ROUTE);
  });

  it('ANY of an HTTP API is expanded with CORS, without the method of preflight requests', () => {
    const routes = expandAny([{ method: 'ANY', path: '/a', scopes: ['a'] }], true);

    expect(routes).toEqual(METHODS.map((method) => ({ method, path: '/a', scopes: ['a'] })));
  });

  it('expanded routes of an HTTP API keep what decides each method of each path, and repeat no route', () => {
    const routes = fc.uniqueArray(
      fc.record({
        method: fc.constantFrom('ANY', ...METHODS),
        path: fc.constantFrom('/', '/{proxy+}', '/a/{id}'),
        scopes: fc.constantFrom(['a'], ['b'], [['a'], ['b']]),
        public: fc.boolean(),
      }),
      { selector: ({ method, path }) => `${method} ${path}` },
    );
    /** As API Gateway chooses: a method of its own goes before ANY. */
    const deciding = (all: readonly Route[], path: string, method: string) => {
      const [own, any] = [method, 'ANY'].map((name) =>
        all.find((route) => route.path === path && route.method === name),
      );
      const { method: _, ...rule } = own ?? any ?? { method, rule: 'none' };
      return rule;
    };

    fc.assert(
      fc.property(routes, (given) => {
        const spelled = expandAny(given, true);
        const names = spelled.map(({ method, path }) => `${method} ${path}`);

        expect(new Set(names).size).toBe(names.length);
        expect(spelled.some(({ method }) => method === 'ANY')).toBe(false);
        expect(expandAny(spelled, true)).toEqual(spelled);
        for (const path of ['/', '/{proxy+}', '/a/{id}']) {
          for (const method of METHODS) {
            expect(deciding(spelled, path, method)).toEqual(deciding(given, path, method));
          }
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { scopeRules as readScopeRules, ruleOf } from '../../../lambda/core/route';
import type { RequiredScopes } from '../../../lib/scopes/route-scopes';
import { requirementOf } from '../../../lib/scopes/scope-requirement';
import { encodeScopeRules, scopeRules } from '../../../lib/scopes/scope-rules';

const route = (name: string, ...scopes: string[]) => ({ name, requirement: requirementOf(scopes) });

describe('scopeRules', () => {
  it('returns one rule if all routes have the same requirement', () => {
    expect(scopeRules([route('GET /a', 'x', 'y'), route('ANY /b', 'y', 'x')])).toEqual([
      [[['x', 'y']], ['*']],
    ]);
  });

  it('returns one rule for each requirement, with the methods of a path joined', () => {
    const routes = [
      route('GET /a', 'x'),
      route('$default'),
      route('PUT /b', 'x'),
      route('POST /a', 'x'),
      route('ANY /a'),
    ];

    expect(scopeRules(routes)).toEqual([
      [[['x']], ['GET,POST /a', 'PUT /b']],
      [[[]], ['$default', 'ANY /a']],
    ]);
  });

  it('returns no rules without protected routes', () => {
    expect(scopeRules([])).toEqual([]);
  });

  it('makes the function require exactly the declared scopes of each route', () => {
    const scope = fc.constantFrom('a', 'b', 'c');
    const declared = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('GET /', 'POST /', 'ANY /', 'GET /x/{id}', 'ANY /x/{id}', '$default'),
        scopes: fc.oneof(
          fc.array(scope, { maxLength: 2 }),
          fc.array(fc.array(scope, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
        ),
      }),
      { minLength: 1, selector: ({ name }) => name },
    );
    const meets = (required: RequiredScopes, grant: readonly string[]) => {
      const lists = required.length > 0 && required.every(Array.isArray) ? required : [required];
      return (lists as string[][]).some((list) => list.every((it) => grant.includes(it)));
    };

    fc.assert(
      fc.property(
        fc.array(scope, { maxLength: 1 }),
        declared,
        fc.subarray(['a', 'b', 'c']),
        (apiScopes, routes, grant) => {
          const rules = scopeRules(
            routes.map(({ name, scopes }) => ({
              name,
              requirement: requirementOf(scopes, apiScopes),
            })),
          );
          const read = readScopeRules(`{"api":${encodeScopeRules(rules)}}`);
          for (const { name, scopes } of routes) {
            const required =
              read && ruleOf(read, { apiId: 'api', routeNames: [name] }).alternatives;
            expect(required && meets(required, grant)).toBe(
              meets(apiScopes, grant) && meets(scopes, grant),
            );
          }
        },
      ),
    );
  });
});

describe('encodeScopeRules', () => {
  const many = (count: number) =>
    scopeRules(
      Array.from({ length: count }, (_, index) =>
        route(`GET /customers/{customer}/orders/{order}/parts-${index}`, `scope-${index % 3}`),
      ),
    );

  it('keeps rules of up to 1024 characters as plain JSON', () => {
    const ofLength = (length: number) => {
      const empty = JSON.stringify([[[[]], ['']]]).length;
      return encodeScopeRules([[[[]], ['x'.repeat(length - empty)]]]);
    };

    expect(ofLength(1024)).toMatch(/^\[\[\[\[\]\],\["x+"\]\]\]$/);
    expect(ofLength(1024)).toHaveLength(1024);
    expect(ofLength(1025)).toMatch(/^"[A-Za-z0-9+/=]+"$/);
  });

  it('compresses the rules of 400 routes to less than 3000 characters', () => {
    const encoded = encodeScopeRules(many(400));
    const read = readScopeRules(`{"api":${encoded}}`);
    const routeNames = ['GET /customers/{customer}/orders/{order}/parts-377'];

    expect(encoded.length).toBeLessThan(3000);
    expect(read && ruleOf(read, { apiId: 'api', routeNames }).alternatives).toEqual([['scope-2']]);
  });
});

import fc from 'fast-check';
import type { RequiredScopes } from '../../../lib/scopes/route-scopes';
import { requirementOf } from '../../../lib/scopes/scope-requirement';
import { type RouteAccess, shadowedRoutes } from '../../../lib/scopes/shadowed-routes';

const route = (name: string, scopes: RequiredScopes = []): RouteAccess => ({
  name,
  requirement: requirementOf(scopes, ['api']),
});
const open = (name: string): RouteAccess => ({ name, requirement: 'public' });
const found = (...routes: RouteAccess[]) =>
  shadowedRoutes(routes).map(({ specific, broader }) => `${specific} in ${broader}`);

/** Returns a pattern of the paths that a route matches, by the rules of API Gateway. */
function pathsOf(pattern: string): RegExp {
  const parts = pattern
    .slice(1)
    .split('/')
    .map((part) => (part.endsWith('+}') ? '.*' : part.startsWith('{') ? '[^/]+' : part));
  return new RegExp(`^${parts.join('/')}$`, 's');
}

/** Paths of up to four segments, with spellings that an upstream can treat as the same path. */
const SPELLINGS = [[''], ...lists(['a', 'b'], 4)].map((segments) => ({
  path: segments.join('/'),
  others: segments
    .flatMap((segment, at) => [
      segments.with(at, segment.toUpperCase()),
      segments.toSpliced(at, 0, ''),
      segments.toSpliced(at + 1, 0, ''),
    ])
    .map((other) => other.join('/')),
}));

/** Returns all lists of up to `length` items of the alphabet. */
function lists(alphabet: readonly string[], length: number): string[][] {
  if (length === 0) return [];
  const shorter = lists(alphabet, length - 1);
  const heads = [[], ...shorter.filter((list) => list.length === length - 1)];
  const longest = heads
    .filter((list) => list.length === length - 1)
    .flatMap((list) => alphabet.map((segment) => [...list, segment]));
  return [...shorter, ...longest];
}

/** Returns whether both routes match a path, and only the broader one matches another spelling of it. */
function canBeBypassed(specific: RegExp, broader: RegExp): boolean {
  return SPELLINGS.some(
    ({ path, others }) =>
      specific.test(path) &&
      broader.test(path) &&
      others.some((other) => broader.test(other) && !specific.test(other)),
  );
}

const ADMIN = 'ANY /admin/{proxy+}';
const GREEDY = 'ANY /{proxy+}';
const bypass = [`${ADMIN} in ${GREEDY}`];

describe('shadowedRoutes', () => {
  it('reports a route with scopes that a greedy route without scopes shadows', () => {
    expect(found(route(ADMIN, ['admin']), route(GREEDY))).toEqual(bypass);
    expect(found(route(GREEDY), route(ADMIN, ['admin']))).toEqual(bypass);
  });

  it('reports a protected route that a public route shadows, but not the reverse', () => {
    expect(found(route(ADMIN, ['admin']), open(GREEDY))).toEqual(bypass);
    expect(found(route(ADMIN), open(GREEDY))).toEqual(bypass);
    expect(found(open(ADMIN), route(GREEDY, ['read']))).toEqual([]);
    expect(found(open(ADMIN), open(GREEDY))).toEqual([]);
  });

  it.each<[RequiredScopes, RequiredScopes]>([
    [['admin'], ['read']],
    [['admin', 'read'], ['read']],
    [['admin'], [['admin'], ['read']]],
    [
      [['admin'], ['root']],
      [['root', 'read'], ['read']],
    ],
  ])('reports a route that requires %j if the greedy route requires %j', (specific, broader) => {
    expect(found(route(ADMIN, specific), route(GREEDY, broader))).toEqual(bypass);
  });

  it.each<[RequiredScopes, RequiredScopes]>([
    [[], []],
    [[], ['read']],
    [['read'], ['read']],
    [['read'], ['read', 'admin']],
    [[['read'], ['admin']], ['admin']],
    [
      [['read'], ['admin']],
      [['admin', 'x'], ['read']],
    ],
  ])(
    'does not report a route that requires %j if the greedy route requires %j',
    (specific, broader) => {
      expect(found(route(ADMIN, specific), route(GREEDY, broader))).toEqual([]);
    },
  );

  it('does not report routes that match no common path', () => {
    expect(found(route(ADMIN, ['admin']), route('GET /files/{proxy+}'))).toEqual([]);
    expect(found(route('GET /admin/a', ['admin']), route('GET /{id}'))).toEqual([]);
    expect(found(route('GET /administer', ['admin']), route('GET /admin/{proxy+}'))).toEqual([]);
    expect(found(route('GET /admin/a', ['admin']), route('GET /{tenant}/b'))).toEqual([]);
    expect(found(route('GET /', ['admin']), route('GET /{page}'))).toEqual([]);
    expect(found(route(ADMIN, ['admin']))).toEqual([]);
  });

  it.each([
    ['GET /orders/export', 'GET /orders/{id}'],
    ['GET /admin', 'GET /{page}'],
    ['GET /admin/reports', 'GET /{tenant}/reports'],
    ['GET /admin/reports', 'GET /{tenant}/{report}'],
    ['GET /{tenant}/reports', 'ANY /{tenant}/{report}'],
    ['GET /admin/reports/{id}', 'ANY /{tenant}/{proxy+}'],
  ])(
    'reports %s, which %s shadows with a variable in place of a static segment',
    (specific, broader) => {
      expect(found(route(specific, ['x']), route(broader))).toEqual([`${specific} in ${broader}`]);
      expect(found(route(specific), open(broader))).toEqual([`${specific} in ${broader}`]);
      expect(found(route(specific, ['x']), route(broader, ['x', 'y']))).toEqual([]);
    },
  );

  it.each([
    ['GET /admin/{id}', 'GET /{tenant}/reports'],
    ['GET /admin/{proxy+}', 'GET /{tenant}/reports'],
  ])('reports the stricter of %s and %s, which overlap', (one, other) => {
    expect(found(route(one, ['x']), route(other))).toEqual([`${one} in ${other}`]);
    expect(found(route(one), route(other, ['x']))).toEqual([`${other} in ${one}`]);
    expect(found(route(one, ['x']), route(other, ['y']))).toHaveLength(2);
  });

  it.each([
    ['GET /orders/{id}', 'GET /orders/export'],
    ['GET /{tenant}/{report}', 'GET /admin/reports'],
    ['GET /{id}', 'GET /{name}'],
    ['GET /{proxy+}', 'GET /{page}'],
  ])('does not report %s for %s, which is more specific', (stricter, other) => {
    expect(found(route(stricter, ['x']), route(other))).toEqual([]);
  });

  it('reports routes that a path variable or the default route of an HTTP API shadows', () => {
    expect(found(route('GET /a/b', ['x']), route('GET /{tenant}/{proxy+}'))).toHaveLength(1);
    expect(found(route('GET /a', ['x']), route('GET /{tenant}/{proxy+}'))).toEqual([]);
    expect(found(route(GREEDY, ['x']), route('$default'))).toEqual([`${GREEDY} in $default`]);
  });

  it('reports a route that another method bypasses, unless its path declares that method', () => {
    const get = route('GET /orders/{id}', ['read']);

    expect(found(get, route(GREEDY))).toEqual([`GET /orders/{id} in ${GREEDY}`]);
    expect(found(get, route('DELETE /{proxy+}'))).toEqual(['GET /orders/{id} in DELETE /{proxy+}']);
    expect(
      found(get, route('DELETE /orders/{id}', ['write']), route('DELETE /{proxy+}', ['write'])),
    ).toEqual([]);
    expect(found(route('ANY /orders/{id}', ['read']), route('GET /{proxy+}'))).toHaveLength(1);
  });

  it('reports exactly the routes that another spelling of a path bypasses', () => {
    const path = fc
      .tuple(
        fc.array(fc.constantFrom('a', 'b', '{x}'), { maxLength: 3 }),
        fc.constantFrom('', '{proxy+}'),
      )
      .map(([segments, last]) => `/${[...segments, ...(last ? [last] : [])].join('/')}`);
    const seen = new Set<boolean>();

    fc.assert(
      fc.property(path, path, (specific, broader) => {
        const reported = found(route(`GET ${specific}`, ['x']), route(`GET ${broader}`)).length > 0;
        seen.add(reported);

        expect(reported).toBe(canBeBypassed(pathsOf(specific), pathsOf(broader)));
      }),
      { numRuns: 2000 },
    );
    expect(seen.size).toBe(2);
  });
});

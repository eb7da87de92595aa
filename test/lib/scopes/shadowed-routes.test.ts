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
  shadowedRoutes(routes).map(({ narrow, wide }) => `${narrow} in ${wide}`);

/** Returns whether a path is matched by a route, as API Gateway matches it. */
function matches(pattern: string, segments: readonly string[]): boolean {
  const parts = pattern
    .slice(1)
    .split('/')
    .map((part) => (part.endsWith('+}') ? '.*' : part.startsWith('{') ? '[^/]+' : part));
  return new RegExp(`^${parts.join('/')}$`, 's').test(segments.join('/'));
}

/** Paths of up to four segments, and other spellings that an upstream can take for each of them. */
const SPELLINGS = [[''], ...lists(['a', 'b'], 4)].map((segments) => ({
  segments,
  others: segments.flatMap((segment, at) => [
    segments.with(at, segment.toUpperCase()),
    segments.toSpliced(at, 0, ''),
    segments.toSpliced(at + 1, 0, ''),
  ]),
}));

function lists(alphabet: readonly string[], length: number): string[][] {
  if (length === 0) return [];
  const shorter = lists(alphabet, length - 1);
  const heads = [[], ...shorter.filter((list) => list.length === length - 1)];
  const longest = heads
    .filter((list) => list.length === length - 1)
    .flatMap((list) => alphabet.map((segment) => [...list, segment]));
  return [...shorter, ...longest];
}

/** Returns whether both routes match some path of which another spelling is matched by the wide one alone. */
function canBeLeft(narrow: string, wide: string): boolean {
  return SPELLINGS.some(
    ({ segments, others }) =>
      matches(narrow, segments) &&
      matches(wide, segments) &&
      others.some((other) => matches(wide, other) && !matches(narrow, other)),
  );
}

const ADMIN = 'ANY /admin/{proxy+}';
const WIDE = 'ANY /{proxy+}';
const weaker = [`${ADMIN} in ${WIDE}`];

describe('weakerRoutes', () => {
  it('finds a route with scopes in a greedy one without, in any order', () => {
    expect(found(route(ADMIN, ['admin']), route(WIDE))).toEqual(weaker);
    expect(found(route(WIDE), route(ADMIN, ['admin']))).toEqual(weaker);
  });

  it('finds a protected route in a public one, scopes or none, but not the reverse', () => {
    expect(found(route(ADMIN, ['admin']), open(WIDE))).toEqual(weaker);
    expect(found(route(ADMIN), open(WIDE))).toEqual(weaker);
    expect(found(open(ADMIN), route(WIDE, ['read']))).toEqual([]);
    expect(found(open(ADMIN), open(WIDE))).toEqual([]);
  });

  it.each<[RequiredScopes, RequiredScopes]>([
    [['admin'], ['read']],
    [['admin', 'read'], ['read']],
    [['admin'], [['admin'], ['read']]],
    [
      [['admin'], ['root']],
      [['root', 'read'], ['read']],
    ],
  ])('finds %j in what %j suffices for', (narrow, wide) => {
    expect(found(route(ADMIN, narrow), route(WIDE, wide))).toEqual(weaker);
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
  ])('does not find %j in what takes %j, which does for both', (narrow, wide) => {
    expect(found(route(ADMIN, narrow), route(WIDE, wide))).toEqual([]);
  });

  it('finds nothing where no path is matched by both routes', () => {
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
  ])('finds %s in %s, whose variable is at the place of a static segment', (narrow, wide) => {
    expect(found(route(narrow, ['x']), route(wide))).toEqual([`${narrow} in ${wide}`]);
    expect(found(route(narrow), open(wide))).toEqual([`${narrow} in ${wide}`]);
    expect(found(route(narrow, ['x']), route(wide, ['x', 'y']))).toEqual([]);
  });

  it.each([
    ['GET /admin/{id}', 'GET /{tenant}/reports'],
    ['GET /admin/{proxy+}', 'GET /{tenant}/reports'],
  ])('finds %s and %s, which overlap, in whichever requires less', (one, other) => {
    expect(found(route(one, ['x']), route(other))).toEqual([`${one} in ${other}`]);
    expect(found(route(one), route(other, ['x']))).toEqual([`${other} in ${one}`]);
    expect(found(route(one, ['x']), route(other, ['y']))).toHaveLength(2);
  });

  it.each([
    ['GET /orders/{id}', 'GET /orders/export'],
    ['GET /{tenant}/{report}', 'GET /admin/reports'],
    ['GET /{id}', 'GET /{name}'],
    ['GET /{proxy+}', 'GET /{page}'],
  ])('does not find %s in %s, which matches nothing else', (stricter, weaker) => {
    expect(found(route(stricter, ['x']), route(weaker))).toEqual([]);
  });

  it('finds a route below a path variable, and all in the default route of an HTTP API', () => {
    expect(found(route('GET /a/b', ['x']), route('GET /{tenant}/{proxy+}'))).toHaveLength(1);
    expect(found(route('GET /a', ['x']), route('GET /{tenant}/{proxy+}'))).toEqual([]);
    expect(found(route(WIDE, ['x']), route('$default'))).toEqual([`${WIDE} in $default`]);
  });

  it('finds another method of the same path, unless the path has a route for it', () => {
    const get = route('GET /orders/{id}', ['read']);

    expect(found(get, route(WIDE))).toEqual([`GET /orders/{id} in ${WIDE}`]);
    expect(found(get, route('DELETE /{proxy+}'))).toEqual(['GET /orders/{id} in DELETE /{proxy+}']);
    expect(
      found(get, route('DELETE /orders/{id}', ['write']), route('DELETE /{proxy+}', ['write'])),
    ).toEqual([]);
    expect(found(route('ANY /orders/{id}', ['read']), route('GET /{proxy+}'))).toHaveLength(1);
  });

  it('finds exactly the routes that another spelling of a path can leave for a weaker one', () => {
    const path = fc
      .tuple(
        fc.array(fc.constantFrom('a', 'b', '{x}'), { maxLength: 3 }),
        fc.constantFrom('', '{proxy+}'),
      )
      .map(([segments, last]) => `/${[...segments, ...(last ? [last] : [])].join('/')}`);
    const seen = new Set<boolean>();

    fc.assert(
      fc.property(path, path, (narrow, wide) => {
        const reported = found(route(`GET ${narrow}`, ['x']), route(`GET ${wide}`)).length > 0;
        seen.add(reported);

        expect(reported).toBe(canBeLeft(narrow, wide));
      }),
      { numRuns: 2000 },
    );
    expect(seen.size).toBe(2);
  });
});

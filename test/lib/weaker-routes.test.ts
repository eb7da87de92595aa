import { requirementOf } from '../../lib/requirement';
import type { RequiredScopes } from '../../lib/route-scopes';
import { type RouteAccess, weakerRoutes } from '../../lib/weaker-routes';

const route = (name: string, scopes: RequiredScopes = []): RouteAccess => ({
  name,
  requirement: requirementOf(scopes, ['api']),
});
const open = (name: string): RouteAccess => ({ name, requirement: 'public' });
const found = (...routes: RouteAccess[]) =>
  weakerRoutes(routes).map(({ narrow, wide }) => `${narrow} in ${wide}`);

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

  it('finds nothing beside the greedy route, nor around a route that is not greedy', () => {
    expect(found(route(ADMIN, ['admin']), route('GET /files/{proxy+}'))).toEqual([]);
    expect(found(route('GET /admin/a', ['admin']), route('GET /{id}'))).toEqual([]);
    expect(found(route('GET /administer', ['admin']), route('GET /admin/{proxy+}'))).toEqual([]);
    expect(found(route(ADMIN, ['admin']))).toEqual([]);
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
});

import type { Route } from '../../lib/route-scopes';
import { weakerRoutes } from '../../lib/weaker-routes';

const wide: Route = { method: 'ANY', path: '/{proxy+}' };
const narrow: Route = { method: 'ANY', path: '/admin/{proxy+}', scopes: ['admin'] };

describe('weakerRoutes', () => {
  it('finds a route with scopes below a greedy one without', () => {
    expect(weakerRoutes([narrow, wide])).toEqual([{ narrow, wide }]);
    expect(weakerRoutes([{ ...wide, public: true }, narrow])).toHaveLength(1);
  });

  it('finds nothing where the greedy route asks for scopes too', () => {
    expect(weakerRoutes([narrow, { ...wide, scopes: ['read'] }])).toEqual([]);
  });

  it('finds nothing beside the greedy route', () => {
    const beside: Route = { method: 'GET', path: '/files/{proxy+}' };

    expect(weakerRoutes([narrow, beside])).toEqual([]);
    expect(weakerRoutes([narrow])).toEqual([]);
  });

  it('finds another method of the same path', () => {
    const get: Route = { method: 'GET', path: '/orders/{id}', scopes: ['read'] };

    expect(weakerRoutes([get, wide])).toEqual([{ narrow: get, wide }]);
  });
});

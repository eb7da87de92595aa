import { configFaults, loadedConfig } from '../../../support/config-faults';

const CORS = { allowOrigins: ['*'] };
const get = (path: string, more = {}) => ({ method: 'GET', path, ...more });
const faults = (...routes: unknown[]) => configFaults({ api: { routes } });

describe('the routes of a deployment config', () => {
  it('reports a route of a config that duplicates another', () => {
    const post = { method: 'POST', path: '/a' };

    expect(faults(get('/a'), post, get('/a', { scopes: ['x'] }), get('/a'))).toEqual([
      'api.routes[2]: duplicates the route GET /a',
      'api.routes[3]: duplicates the route GET /a',
    ]);
    expect(() => loadedConfig({ api: { routes: [get('/a'), post, get('/b')] } })).not.toThrow();
  });

  it('reports an OPTIONS route of a config with CORS', () => {
    const routes = [get('/a'), { method: 'OPTIONS', path: '/a' }];

    expect(configFaults({ api: { routes, cors: CORS } })).toEqual([
      'api.routes[1]: conflicts with api.cors, which handles OPTIONS',
    ]);
    expect(() => loadedConfig({ api: { routes } })).not.toThrow();
  });

  it('reports path variables of REST routes with different names at one place', () => {
    expect(faults(get('/a/{id}'), get('/a/{key}/b'), get('/{id}'), get('/{name}'))).toEqual([
      'api.routes[1]: must name the path variable {id}, like another route, got: {key}',
      'api.routes[3]: must name the path variable {id}, like another route, got: {name}',
    ]);
    const alike = [get('/a/{id}'), get('/a/{id}/{key}'), get('/b/{key}'), get('/a/id')];
    expect(() => loadedConfig({ api: { routes: alike } })).not.toThrow();
  });

  it('reports a config whose routes are all public', () => {
    const open = { public: true };

    expect(faults(get('/a', open), get('/b', open))).toEqual([
      'api.routes: must contain a route that is not public',
    ]);
    expect(() => loadedConfig({ api: { routes: [get('/a', open), get('/b')] } })).not.toThrow();
  });

  it('lists faults between keys of a config together with all others', () => {
    const routes = [
      get('/a', { auth: 1 }),
      get('/a'),
      { method: 'OPTIONS', path: '/{id}' },
      7,
      get('/{x}'),
    ];
    const all = configFaults({
      introspection: { response: 'plain' },
      api: { routes, cors: CORS, realm: '"' },
    });

    expect(all.map((line) => line.split(':', 1)[0]).sort()).toEqual([
      'api.realm',
      'api.routes[0].auth',
      'api.routes[1]',
      'api.routes[2]',
      'api.routes[3]',
      'api.routes[4]',
      'introspection.response',
    ]);
  });
});

import { arrangeRoutes } from '../../../../local/gateway/definition/http/route-key';
import { decodePath } from '../../../../local/gateway/pipeline/http/decode-path';
import { selectRoute } from '../../../../local/gateway/pipeline/http/select-route';
import { serveHttpProxy } from '../support/http-template';
import { request } from '../support/servers';

function served(keys: string[], method: string, path: string) {
  const decoded = decodePath(path);
  const routes = arrangeRoutes(keys.map((routeKey) => ({ routeKey })));
  const match = decoded && selectRoute(routes, method, decoded);
  return match && [match.target.routeKey, match.pathParameters];
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
const documented = [
  'GET /pets/dog/1',
  'GET /pets/dog/{id}',
  'GET /pets/{proxy+}',
  'ANY /{proxy+}',
  '$default',
];

describe('routes of an HTTP API', () => {
  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['POST', '/pets/dog/1', 'ANY /{proxy+}', { proxy: 'pets/dog/1' }],
    ['GET', '/', '$default', {}],
  ])('%s %s matches the route %s', (method, path, key, parameters) => {
    expect(served(documented, method, path)).toEqual([key, parameters]);
  });

  it('a full match precedes a greedy one with a longer static prefix', () => {
    expect(served(['GET /a/{proxy+}', 'GET /{x}/b'], 'GET', '/a/b')).toEqual([
      'GET /{x}/b',
      { x: 'a' },
    ]);
  });

  it('ANY on the full path precedes the method on a greedy one', () => {
    expect(served(['ANY /a', 'GET /{proxy+}'], 'GET', '/a')).toEqual(['ANY /a', {}]);
  });

  it("the request's method precedes ANY on the same path of an HTTP API", () => {
    const keys = ['ANY /a', 'GET /a'];
    expect(served(keys, 'GET', '/a')).toEqual(['GET /a', {}]);
    expect(served(keys, 'PUT', '/a')).toEqual(['ANY /a', {}]);
  });

  it('a trailing slash leads to the same route', () => {
    expect(served(['GET /a'], 'GET', '/a/')).toEqual(['GET /a', {}]);
  });

  it('two routes can name the variable of one segment differently', () => {
    const keys = ['GET /a/{id}', 'PUT /a/{name}'];
    expect(served(keys, 'PUT', '/a/1')).toEqual(['PUT /a/{name}', { name: '1' }]);
  });

  it('routes are matched with the path decoded once, and variables hold it decoded twice', () => {
    const keys = ['GET /{a}/thing', 'GET /{proxy+}'];
    expect(served(keys, 'GET', '/a%2Fb/thing')).toEqual(['GET /{proxy+}', { proxy: 'a/b/thing' }]);
    expect(served(keys, 'GET', '/a%252Fb/thing')).toEqual(['GET /{a}/thing', { a: 'a/b' }]);
  });

  it('a static part is compared with the path decoded once', () => {
    const keys = ['GET /admin/{x}', 'GET /{proxy+}'];
    expect(served(keys, 'GET', '/%61dmin/1')).toEqual(['GET /admin/{x}', { x: '1' }]);
    expect(served(keys, 'GET', '/admin%252F1')).toEqual(['GET /{proxy+}', { proxy: 'admin/1' }]);
    expect(served(keys, 'GET', '/%2561dmin/1')).toEqual(['GET /{proxy+}', { proxy: 'admin/1' }]);
  });

  it.each(['/a/../b', '/%2e%2e/b', '/%252e%252e/b', '/a%252F..%252Fb', '*', 'http://x/'])(
    'no route matches %s',
    (path) => {
      expect(served(['$default', 'ANY /{proxy+}'], 'GET', path)).toBeUndefined();
    },
  );

  it.each([
    ['GET pets'],
    ['get /pets'],
    ['GET /{a+}/b'],
    ['GET /a{b}'],
    ['$connect'],
    ['GET /a?b'],
  ])('the route key %s is rejected', (key) => {
    expect(() => arrangeRoutes([{ routeKey: key }])).toThrow(
      `the route key ${key} is not supported in local mode`,
    );
  });

  it('two routes with the same key are rejected', () => {
    const twice = [{ routeKey: 'GET /a' }, { routeKey: 'GET /a' }];
    expect(() => arrangeRoutes(twice)).toThrow('two routes have the key GET /a');
  });
});

describe('requests to an HTTP API', () => {
  it('returns and records 404 when no route matches', async () => {
    const { url, records } = await serveHttpProxy({ routes: { 'GET /a': {} }, uri: '/' });
    const response = await request(url, '/b');
    expect(response).toMatchObject({ status: 404, body: '{"message":"Not Found"}' });
    expect(records).toMatchObject([
      {
        requestId: response.headers['apigw-requestid'],
        gatewayResponse: 'RESOURCE_NOT_FOUND',
        authorizer: 'none',
      },
    ]);
    expect(records[0]).not.toHaveProperty('resource');
  });

  it('an HTTP API ignores X-HTTP-Method-Override', async () => {
    const { url } = await serveHttpProxy({ routes: { 'GET /a': {} }, uri: '/' });
    const headers = ['X-HTTP-Method-Override', 'GET'];
    expect((await request(url, '/a', { method: 'POST', headers })).status).toBe(404);
  });
});

import { readRestApi } from '../../../../local/gateway/definition/rest/rest-api';
import { routedPath, selectMethod } from '../../../../local/gateway/pipeline/rest/select-method';
import { request, serve } from '../support/servers';
import { apiTemplate, method, mock, resource } from '../support/template';

const template = apiTemplate({
  Greedy: resource('{proxy+}'),
  GreedyAny: method('Greedy', 'ANY', mock('greedy')),
  Orders: resource('orders'),
  OrdersGet: method('Orders', 'GET', mock('orders')),
  OrdersAny: method('Orders', 'ANY', mock('orders-any')),
  Order: resource('{id}', 'Orders'),
  OrderGet: method('Order', 'GET', mock('order')),
  Latest: resource('latest', 'Orders'),
  LatestPut: method('Latest', 'PUT', mock('latest')),
  Lines: resource('lines', 'Latest'),
  Files: resource('files'),
  File: resource('{rest+}', 'Files'),
  FileGet: method('File', 'GET', mock('file')),
});
const { root } = readRestApi(template, template.get('Api'));

function served(httpMethod: string, path: string) {
  const match = selectMethod(root, httpMethod, routedPath(path));
  return match && [match.target.resourcePath, match.pathParameters];
}

describe('routing of a REST API', () => {
  it.each([
    ['a static part before a path variable', 'PUT', '/orders/latest', '/orders/latest', {}],
    ['a path variable before a greedy one', 'GET', '/orders/7', '/orders/{id}', { id: '7' }],
    ['a greedy path variable for other paths', 'GET', '/x/y', '/{proxy+}', { proxy: 'x/y' }],
    [
      'the greedy path variable with the longest prefix',
      'GET',
      '/files/a/b',
      '/files/{rest+}',
      { rest: 'a/b' },
    ],
    [
      'the path variable when the static resource lacks the method',
      'GET',
      '/orders/latest',
      '/orders/{id}',
      { id: 'latest' },
    ],
    [
      'the greedy path variable when a resource has no methods',
      'GET',
      '/orders/latest/lines',
      '/{proxy+}',
      { proxy: 'orders/latest/lines' },
    ],
    [
      'the outer greedy path variable when the inner one lacks the method',
      'POST',
      '/files/a',
      '/{proxy+}',
      { proxy: 'files/a' },
    ],
    ['the same resource with a trailing slash', 'GET', '/orders/', '/orders', {}],
    ['a static part after several slashes', 'GET', '//orders', '/orders', {}],
    ['a static part that is percent-encoded', 'GET', '/%6Frders', '/orders', {}],
    [
      'a path variable without decoding it',
      'GET',
      '/orders/a%2Fb',
      '/orders/{id}',
      { id: 'a%2Fb' },
    ],
    [
      'a greedy path variable without decoding it, and without its trailing slash',
      'GET',
      '/x%2Fy//%20/',
      '/{proxy+}',
      { proxy: 'x%2Fy//%20' },
    ],
  ])('a REST API matches %s', (_, httpMethod, path, resourcePath, parameters) => {
    expect(served(httpMethod, path)).toEqual([resourcePath, parameters]);
  });

  it.each(['/', '//', '/x/../orders', '/x/%2e%2E/orders', '/./x', 'http://host/x', '*'])(
    'a REST API has no route for %s',
    (path) => {
      expect(served('GET', path)).toBeUndefined();
    },
  );

  it("the request's method precedes ANY on a resource", async () => {
    const { url } = await serve({ template });
    expect((await request(url, '/orders')).body).toBe('orders');
    expect((await request(url, '/orders', { method: 'POST' })).body).toBe('orders-any');
  });

  it('X-HTTP-Method-Override overrides the method of a request to a REST API', async () => {
    const { url } = await serve({ template });
    const headers = ['X-HTTP-Method-Override', 'GET'];
    expect((await request(url, '/orders', { method: 'POST', headers })).body).toBe('orders');
  });

  it('returns 403 Missing Authentication Token when no resource matches', async () => {
    const { url, records } = await serve({ template });
    const response = await request(url, '/');
    expect(response).toMatchObject({
      status: 403,
      body: '{"message":"Missing Authentication Token"}',
      headers: { 'x-amzn-errortype': 'MissingAuthenticationTokenException' },
    });
    expect(records).toEqual([
      {
        requestId: response.headers['x-amzn-requestid'],
        receivedAtMs: expect.any(Number),
        method: 'GET',
        path: '/',
        status: 403,
        authorizer: 'none',
        gatewayResponse: 'MISSING_AUTHENTICATION_TOKEN',
        durationMs: expect.any(Number),
      },
    ]);
  });
});

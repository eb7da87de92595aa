import { request, serve } from '../support/servers';
import {
  apiTemplate,
  authorized,
  gatewayResponse,
  method,
  mock,
  resource,
} from '../support/template';

function api(responses: Parameters<typeof apiTemplate>[0]) {
  return apiTemplate({
    Orders: resource('orders'),
    OrdersGet: method('Orders', 'GET', mock('orders'), authorized),
    ...responses,
  });
}

const deny = {
  payload: {
    principalId: 'alice',
    policyDocument: { Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] },
    context: { scope: 'orders:read', count: 3 },
  },
};

describe('gateway response', () => {
  it('a gateway response customizes status, headers and body', async () => {
    const { url } = await serve({
      template: api({
        Unauthorized: gatewayResponse('UNAUTHORIZED', {
          StatusCode: '418',
          ResponseParameters: {
            'gatewayresponse.header.WWW-Authenticate': `'Bearer realm="api"'`,
            'gatewayresponse.header.X-Origin': 'method.request.header.Origin',
            'gatewayresponse.header.X-Request': 'context.requestId',
            'gatewayresponse.header.X-Absent': 'method.request.header.Absent',
          },
          ResponseTemplates: {
            'application/problem+json':
              '{"m":$context.error.messageString,"t":"$context.error.responseType","s":"$context.stage","n":"$context.authorizer.none","m2":"$context.error.message."}',
          },
        }),
      }),
    });
    const response = await request(url, '/orders', { headers: ['origin', 'https://a.example'] });
    expect(response).toMatchObject({
      status: 418,
      body: '{"m":"Unauthorized","t":"UNAUTHORIZED","s":"v1","n":"","m2":"Unauthorized."}',
      headers: {
        'content-type': 'application/problem+json',
        'www-authenticate': 'Bearer realm="api"',
        'x-origin': 'https://a.example',
        'x-request': response.headers['x-amzn-requestid'],
        'x-amzn-errortype': 'UnauthorizedException',
      },
    });
    expect(response.headers).not.toHaveProperty('x-absent');
  });

  it('a gateway response can use the authorizer context of a Deny', async () => {
    const { url } = await serve({
      invoke: async () => deny,
      template: api({
        Denied: gatewayResponse('ACCESS_DENIED', {
          ResponseParameters: { 'gatewayresponse.header.X-Scope': 'context.authorizer.scope' },
          ResponseTemplates: { 'application/json': '$context.authorizer.count' },
        }),
      }),
    });
    expect(await request(url, '/orders', { headers: ['Authorization', 'x'] })).toMatchObject({
      status: 403,
      body: '3',
      headers: { 'x-scope': 'orders:read' },
    });
  });

  it('a gateway response falls back to the default of its class, with its status', async () => {
    const { url } = await serve({
      invoke: async () => ({ payload: undefined }),
      template: api({
        Default4xx: gatewayResponse('DEFAULT_4XX', {
          StatusCode: '400',
          ResponseParameters: { 'gatewayresponse.header.X-Class': "'four'" },
        }),
        Default5xx: gatewayResponse('DEFAULT_5XX', {
          ResponseParameters: { 'gatewayresponse.header.X-Class': "'five'" },
          ResponseTemplates: { 'application/json': '{"five":true}' },
        }),
      }),
    });
    expect(await request(url, '/nowhere')).toMatchObject({
      status: 400,
      body: '{"message":"Missing Authentication Token"}',
      headers: { 'x-class': 'four' },
    });
    expect(await request(url, '/orders')).toMatchObject({
      status: 400,
      headers: { 'x-class': 'four' },
    });
    expect(await request(url, '/orders', { headers: ['Authorization', 'x'] })).toMatchObject({
      status: 500,
      body: '{"five":true}',
      headers: { 'x-class': 'five' },
    });
  });

  it('a customized gateway response inherits nothing of the default of its class', async () => {
    const { url } = await serve({
      template: api({
        Default4xx: gatewayResponse('DEFAULT_4XX', {
          StatusCode: '400',
          ResponseParameters: { 'gatewayresponse.header.X-Class': "'four'" },
        }),
        Missing: gatewayResponse('MISSING_AUTHENTICATION_TOKEN', {
          ResponseParameters: { 'gatewayresponse.header.X-Own': "'own'" },
        }),
        Unauthorized: gatewayResponse('UNAUTHORIZED', { StatusCode: '401' }),
      }),
    });
    const missing = await request(url, '/nowhere');
    expect(missing).toMatchObject({ status: 403, headers: { 'x-own': 'own' } });
    expect(missing.headers).not.toHaveProperty('x-class');
    expect((await request(url, '/orders')).status).toBe(401);
  });

  it('a gateway response can replace the content type and the error type', async () => {
    const { url } = await serve({
      template: api({
        Unauthorized: gatewayResponse('UNAUTHORIZED', {
          ResponseParameters: {
            'gatewayresponse.header.content-type': "'text/x'",
            'gatewayresponse.header.X-Amzn-ErrorType': "'Own'",
          },
        }),
      }),
    });
    const { headers } = await request(url, '/orders');
    expect(headers).toMatchObject({ 'content-type': 'text/x', 'x-amzn-errortype': 'Own' });
  });

  it('a gateway response has no authorizer context after a thrown Unauthorized', async () => {
    const { url } = await serve({
      invoke: async () => ({ error: { errorType: 'Error', errorMessage: 'Unauthorized' } }),
      template: api({
        Unauthorized: gatewayResponse('UNAUTHORIZED', {
          ResponseParameters: { 'gatewayresponse.header.X-Scope': 'context.authorizer.scope' },
        }),
      }),
    });
    const response = await request(url, '/orders', { headers: ['Authorization', 'x'] });
    expect(response.status).toBe(401);
    expect(response.headers).not.toHaveProperty('x-scope');
  });
});

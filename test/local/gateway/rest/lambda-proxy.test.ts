import { result } from '../support/authorizer';
import { upstreamPermission } from '../support/http-template';
import { request, serve } from '../support/servers';
import { apiTemplate, authorized, gatewayResponse, method, resource } from '../support/template';

const lambda = (more: Record<string, unknown> = {}) => ({
  Type: 'AWS_PROXY',
  IntegrationHttpMethod: 'POST',
  Uri: {
    'Fn::Join': [
      '',
      [
        'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/',
        { 'Fn::GetAtt': ['Upstream', 'Arn'] },
        '/invocations',
      ],
    ],
  },
  ...more,
});

type Handler = (event: unknown) => unknown;

async function serveLambda(handler: Handler, extra = {}, integration = {}) {
  const events: unknown[] = [];
  const template = apiTemplate({
    Upstream: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'upstream' } },
    UpstreamPermission: upstreamPermission('/v1/*/*'),
    Orders: resource('orders'),
    Order: resource('{id}', 'Orders'),
    OrderAny: method('Order', 'ANY', lambda(integration), authorized),
    Open: resource('open'),
    OpenAny: method('Open', 'ANY', lambda(integration)),
    ...extra,
  });
  const served = await serve({
    template,
    async invoke(arn, event) {
      if (arn.endsWith(':authorizer')) {
        return result('Allow', '*', { sub: 'alice', exp: 7, admin: true });
      }
      events.push(event);
      return { payload: await handler(event) };
    },
  });
  return { ...served, events };
}

const ok = () => ({ statusCode: 200 });
const asAlice = ['Authorization', 'Bearer opaque', 'X-Two', '1', 'X-Two', '2'];

describe('Lambda integration of a REST API', () => {
  it('a function of a REST API receives the request, and the authorizer context as strings', async () => {
    const { url, events } = await serveLambda(ok);
    await request(url, '/orders/a%20b?q=1&q=2', { headers: asAlice, method: 'POST', body: 'é' });
    expect(events[0]).toMatchObject({
      resource: '/orders/{id}',
      path: '/orders/a%20b',
      httpMethod: 'POST',
      headers: { Authorization: 'Bearer opaque', 'X-Two': '2' },
      multiValueHeaders: { 'X-Two': ['1', '2'] },
      queryStringParameters: { q: '2' },
      multiValueQueryStringParameters: { q: ['1', '2'] },
      pathParameters: { id: 'a%20b' },
      stageVariables: null,
      requestContext: {
        authorizer: {
          sub: 'alice',
          exp: '7',
          admin: 'true',
          principalId: 'alice',
          integrationLatency: expect.any(Number),
        },
        path: '/v1/orders/a%20b',
        resourcePath: '/orders/{id}',
        stage: 'v1',
      },
      body: 'é',
      isBase64Encoded: false,
    });
    expect(events[0]).not.toHaveProperty('version');
  });

  it('the event of a public method has no authorizer context', async () => {
    const { url, events } = await serveLambda(ok);
    await request(url, '/open');
    expect(events[0]).toMatchObject({ queryStringParameters: null, body: null });
    expect(events[0]).not.toHaveProperty('requestContext.authorizer');
  });

  it('a REST API sends the response of the function with remapped headers', async () => {
    const { url } = await serveLambda(() => ({
      statusCode: 401,
      headers: { 'WWW-Authenticate': 'Bearer' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      body: 'no',
    }));
    expect(await request(url, '/open')).toMatchObject({
      status: 401,
      body: 'no',
      headers: {
        'x-amzn-remapped-www-authenticate': 'Bearer',
        'set-cookie': ['a=1', 'b=2'],
        'content-type': 'application/json',
      },
    });
  });

  it.each([
    ['returns a member that REST APIs do not know', () => ({ statusCode: 200, cookies: ['a=1'] })],
    ['returns an object of another form', () => ({ message: 'hello' })],
    ['returns text', () => 'hello'],
    [
      'fails',
      () => {
        throw new Error('secret');
      },
    ],
  ])('returns 502 when the function %s', async (_, handler) => {
    const { url, records, log } = await serveLambda(handler);
    expect(await request(url, '/open')).toMatchObject({
      status: 502,
      body: '{"message":"Internal server error"}',
    });
    expect(records).toMatchObject([{ gatewayResponse: 'DEFAULT_5XX' }]);
    expect(log.join()).not.toContain('secret');
  });

  it('a malformed function response has the headers of DEFAULT_5XX and keeps its status', async () => {
    const { url } = await serveLambda(() => 'hello', {
      Custom: gatewayResponse('DEFAULT_5XX', {
        ResponseParameters: { 'gatewayresponse.header.X-A': "'b'" },
      }),
    });
    expect(await request(url, '/open')).toMatchObject({ status: 502, headers: { 'x-a': 'b' } });
  });

  it('returns 504 when the function of a REST API times out', async () => {
    const { url } = await serveLambda(() => new Promise(() => {}), {}, { TimeoutInMillis: 50 });
    expect(await request(url, '/open')).toMatchObject({
      status: 504,
      body: '{"message":"Endpoint request timed out"}',
    });
  });

  it.each([
    ['another method', '/v1/POST/open', 500],
    ['another stage', '/v2/*/*', 500],
    ['its method', '/v1/GET/open', 200],
  ])('with a permission for %s (%s) a REST API returns %i', async (_, part, status) => {
    const { url, events } = await serveLambda(ok, { UpstreamPermission: upstreamPermission(part) });
    expect((await request(url, '/open')).status).toBe(status);
    expect(events).toHaveLength(status === 200 ? 1 : 0);
  });

  it('a REST API with a role for the function needs no permission', async () => {
    const none = { UpstreamPermission: upstreamPermission('/v2/*/*') };
    const { url } = await serveLambda(ok, none, { Credentials: 'arn:aws:iam::1:role/a' });
    expect((await request(url, '/open')).status).toBe(200);
  });

  it('templates and integration responses of a Lambda proxy integration have no effect', async () => {
    const { url, events } = await serveLambda(
      ok,
      {},
      {
        RequestTemplates: { 'application/json': '{ "statusCode": "200" }' },
        IntegrationResponses: [{ StatusCode: '500' }],
        CacheKeyParameters: ['method.request.header.Authorization'],
      },
    );
    expect((await request(url, '/open', { method: 'POST', body: 'a' })).status).toBe(200);
    expect(events).toMatchObject([{ body: 'a' }]);
  });
});

describe('binary media types', () => {
  const binaryApi = (...BinaryMediaTypes: string[]) => ({
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { BinaryMediaTypes } },
  });
  const png = Buffer.from([137, 80, 255, 0]);
  const echo = () => ({ statusCode: 200, body: png.toString('base64'), isBase64Encoded: true });

  it.each([
    ['image/png', 'image/png', true],
    ['image/*', 'image/png', true],
    ['image/*', 'text/plain', false],
    ['*/*', 'text/plain', true],
    ['image/png', 'text/plain', false],
  ])(
    'with the binary media type %s a body of %s is base64: %s',
    async (type, contentType, isBase64Encoded) => {
      const { url, events } = await serveLambda(ok, binaryApi(type));
      const headers = ['Content-Type', contentType];
      await request(url, '/open', { method: 'POST', headers, body: 'abc' });
      const body = isBase64Encoded ? 'YWJj' : 'abc';
      expect(events[0]).toMatchObject({ isBase64Encoded, body });
    },
  );

  it('a base64 response is decoded only for a client that accepts a binary media type first', async () => {
    const { url } = await serveLambda(echo, binaryApi('image/png'));
    const accepting = await fetch(new URL('/open', url), { headers: { Accept: 'image/png, */*' } });
    expect(Buffer.from(await accepting.arrayBuffer())).toEqual(png);
    const { body } = await request(url, '/open', { headers: ['Accept', '*/*, image/png'] });
    expect(body).toBe(png.toString('base64'));
  });
});

import {
  httpAuthorizer,
  httpRoute,
  httpTemplate,
  lambdaIntegration,
  protectedBy,
  upstreamPermission,
} from '../support/http-template';
import { request, serve } from '../support/servers';

type Handler = (event: Record<string, unknown>) => unknown;

const context = { jwt: 'a.b.c', exp: 7, admin: true, roles: ['x'], nested: { a: 1 } };
const asAlice = ['Authorization', 'Bearer opaque', 'X-Two', '1', 'X-Two', '2'];

async function serveLambda(format: string, handler: Handler, more: object = {}, integration = {}) {
  const events: Record<string, unknown>[] = [];
  const template = httpTemplate({
    Lambda: lambdaIntegration(format, integration),
    Open: httpRoute('ANY /open/{id}', 'Lambda'),
    Bare: httpRoute('GET /', 'Lambda'),
    Closed: httpRoute('GET /closed', 'Lambda', protectedBy),
    UpstreamPermission: upstreamPermission(),
    Authorizer: httpAuthorizer(),
    ...more,
  });
  const served = await serve({
    template,
    async invoke(arn, event) {
      if (arn.endsWith(':authorizer')) return { payload: { isAuthorized: true, context } };
      events.push(event as Record<string, unknown>);
      return { payload: await handler(event as Record<string, unknown>) };
    },
  });
  return { ...served, events };
}

const ok = () => ({ statusCode: 200 });

describe('Lambda integration with payload format 2.0', () => {
  it('a function receives the request in payload format 2.0', async () => {
    const { url, events } = await serveLambda('2.0', ok);
    await request(url, '/open/a%20b?q=1&q=2', {
      method: 'POST',
      headers: [...asAlice, 'Cookie', 'a=1; b=2', 'Content-Type', 'text/plain'],
      body: 'é',
    });
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /open/{id}',
      rawPath: '/open/a b',
      rawQueryString: 'q=1&q=2',
      cookies: ['a=1', 'b=2'],
      headers: { authorization: 'Bearer opaque', 'x-two': '1,2' },
      queryStringParameters: { q: '1,2' },
      pathParameters: { id: 'a b' },
      requestContext: { routeKey: 'ANY /open/{id}', http: { method: 'POST' } },
      body: 'é',
      isBase64Encoded: false,
    });
    expect(events[0]?.['requestContext']).not.toHaveProperty('authorizer');
    expect(events[0]?.['headers']).not.toHaveProperty('cookie');
    for (const member of ['type', 'routeArn', 'identitySource', 'stageVariables']) {
      expect(events[0]).not.toHaveProperty(member);
    }
  });

  it('events of format 2.0 hold the authorizer context under lambda and keep its types', async () => {
    const { url, events } = await serveLambda('2.0', ok);
    await request(url, '/closed', { headers: asAlice });
    expect(events[0]).toHaveProperty('requestContext.authorizer', { lambda: context });
    expect(events[0]).not.toHaveProperty('body');
  });

  it.each([
    ['text', 'hello', 'hello'],
    ['an object', { message: 'hello' }, '{"message":"hello"}'],
    ['null', null, 'null'],
  ])('format 2.0 infers a response from %s', async (_, payload, body) => {
    const { url } = await serveLambda('2.0', () => payload);
    expect(await request(url, '/')).toMatchObject({
      status: 200,
      body,
      headers: { 'content-type': 'application/json' },
    });
  });

  it('format 2.0 sends the response of the function, with its cookies', async () => {
    const { url } = await serveLambda('2.0', () => ({
      statusCode: 201,
      headers: { 'X-A': 'b', 'Content-Length': '99' },
      cookies: ['a=1; Secure', 'b=2'],
      body: Buffer.from('é').toString('base64'),
      isBase64Encoded: true,
    }));
    expect(await request(url, '/')).toMatchObject({
      status: 201,
      body: 'é',
      headers: { 'x-a': 'b', 'set-cookie': ['a=1; Secure', 'b=2'], 'content-length': '2' },
    });
  });

  it.each([
    ['JSON as text', 'application/json; charset=utf-8', Buffer.from('{}'), false],
    ['GraphQL as text', 'application/graphql', Buffer.from('{}'), false],
    ['text in UTF-8 as text', 'text/csv; charset="UTF-8"', Buffer.from('é'), false],
    [
      'text in another charset as base64',
      'text/plain; charset=iso-8859-1',
      Buffer.from([233]),
      true,
    ],
    ['a kind of JSON as base64', 'application/problem+json', Buffer.from('{}'), true],
    ['a form as base64', 'application/x-www-form-urlencoded', Buffer.from('a=b'), true],
    ['bytes as base64', 'image/png', Buffer.from([0, 255]), true],
    ['a body without a media type as base64', undefined, Buffer.from('é'), true],
  ])('a function of an HTTP API receives %s', async (_, type, body, isBase64Encoded) => {
    const { url, events } = await serveLambda('2.0', ok);
    const headers = type ? ['Content-Type', type] : [];
    await request(url, '/open/1', { method: 'POST', headers, body });
    expect(events[0]).toMatchObject({
      isBase64Encoded,
      body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    });
  });
});

describe('Lambda integration with payload format 1.0', () => {
  it('a function receives the request and the unchanged authorizer context in payload format 1.0', async () => {
    const { url, events } = await serveLambda('1.0', ok);
    await request(url, '/closed?q=1&q=2', { headers: asAlice });
    expect(events[0]).toMatchObject({
      version: '1.0',
      resource: '/closed',
      path: '/closed',
      httpMethod: 'GET',
      headers: { Authorization: 'Bearer opaque', 'X-Two': '2' },
      multiValueHeaders: { 'X-Two': ['1', '2'] },
      queryStringParameters: { q: '2' },
      multiValueQueryStringParameters: { q: ['1', '2'] },
      pathParameters: null,
      stageVariables: null,
      requestContext: { authorizer: context, resourcePath: '/closed', path: '/closed' },
      body: null,
      isBase64Encoded: false,
    });
  });

  it('format 1.0 merges headers and multi-value headers', async () => {
    const { url } = await serveLambda('1.0', () => ({
      statusCode: '200',
      headers: { 'Set-Cookie': 'a=1', 'X-N': 5 },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
    }));
    expect((await request(url, '/')).headers).toMatchObject({
      'set-cookie': ['a=1', 'b=2'],
      'x-n': '5',
    });
  });

  it.each([
    ['no status', { body: 'x' }],
    ['only text', 'hello'],
    ['a body that is not text', { statusCode: 200, body: {} }],
    ['a status out of range', { statusCode: 99 }],
  ])('returns 500 for a function response in format 1.0 with %s', async (_, payload) => {
    const { url, records } = await serveLambda('1.0', () => payload);
    expect(await request(url, '/')).toMatchObject({
      status: 500,
      body: '{"message":"Internal Server Error"}',
    });
    expect(records).toMatchObject([{ gatewayResponse: 'DEFAULT_5XX' }]);
  });
});

describe('function behind an HTTP API', () => {
  it('returns 500 and does not log the message when the function of an HTTP API fails', async () => {
    const { url, log } = await serveLambda('2.0', () => {
      throw new Error('secret');
    });
    expect((await request(url, '/')).status).toBe(500);
    expect(log).toEqual([expect.stringMatching(/:upstream failed$/)]);
  });

  it('returns 503 when the function of an HTTP API times out', async () => {
    const { url } = await serveLambda(
      '2.0',
      () => new Promise(() => {}),
      {},
      { TimeoutInMillis: 50 },
    );
    expect(await request(url, '/')).toMatchObject({
      status: 503,
      body: '{"message":"Service Unavailable"}',
    });
  });

  it.each([
    ['another route', '/*/*/closed', 500],
    ['another method', '/*/POST/open/*', 500],
    ['its route', '/*/GET/open/*', 200],
  ])('with a permission for %s (%s) an HTTP API returns %i', async (_, part, status) => {
    const more = { UpstreamPermission: upstreamPermission(part) };
    const { url, events } = await serveLambda('2.0', ok, more);
    expect((await request(url, '/open/1')).status).toBe(status);
    expect(events).toHaveLength(status === 200 ? 1 : 0);
  });
});

import { httpStage, serveHttpProxy } from '../support/http-template';
import { headerNames, request, seenHeader } from '../support/servers';

describe('HTTP proxy integration of an HTTP API', () => {
  it.each(['/a/b', '/a/%20%C3%A9;b+c', '/a//b/', '/a?x=1&x=2&y=%2F%20+&z', '/a?u=https://b/?q=1'])(
    'an HTTP API passes the target %s unchanged',
    async (target) => {
      const { url, seen } = await serveHttpProxy();
      expect((await request(url, target)).status).toBe(200);
      expect(seen[0]?.target).toBe(target);
    },
  );

  it.each([
    ['/a%2Fb', '/a/b'],
    ['/a%252Fb', '/a/b'],
    ['/a%253Fb%23c', '/a%3Fb%23c'],
    ['/a%3Fb', '/a'],
  ])('an HTTP API decodes the target %s twice and sends %s', async (target, expected) => {
    const { url, seen } = await serveHttpProxy();
    expect((await request(url, target)).status).toBe(200);
    expect(seen[0]?.target).toBe(expected);
  });

  it.each(['/a%25b', '/a%zz'])('an HTTP API refuses the target %s with 400', async (target) => {
    const { url, seen, records } = await serveHttpProxy();
    expect(await request(url, target)).toMatchObject({
      status: 400,
      body: '{"message":"Bad Request"}',
    });
    expect(seen).toEqual([]);
    expect(records).toMatchObject([{ path: target, gatewayResponse: 'BAD_REQUEST' }]);
  });

  it('an HTTP API passes method, body and headers, which include Authorization', async () => {
    const { url, seen } = await serveHttpProxy();
    const body = Buffer.from([0, 255, 128, 13, 10, 0]);
    const headers = ['Authorization', 'Bearer opaque', 'X-CaSe', '1', 'X-CaSe', '2'];
    await request(url, '/a', { method: 'PATCH', headers, body });
    expect(seen[0]).toMatchObject({ method: 'PATCH', body });
    expect(seenHeader(seen[0], 'authorization')).toEqual(['Bearer opaque']);
    expect(seenHeader(seen[0], 'x-case')).toEqual(['1', '2']);
    expect(headerNames(seen[0])).toContain('X-CaSe');
  });

  it('an HTTP API sends Forwarded with client, host and protocol instead of X-Forwarded-*', async () => {
    const { url, seen } = await serveHttpProxy();
    const headers = ['X-Forwarded-For', '192.0.2.1, 192.0.2.2', 'X-Forwarded-Host', 'x.example'];
    await request(url, '/a', { headers });
    expect(seenHeader(seen[0], 'forwarded')).toEqual([
      `for=192.0.2.1,for=192.0.2.2,by=127.0.0.1;for=127.0.0.1;host=${url.host};proto=http`,
    ]);
    expect(headerNames(seen[0]).join()).not.toMatch(/x-forwarded/i);
  });

  it('an HTTP API fills path variables, and appends the request path for $default', async () => {
    const routes = { 'GET /orders/{id}/lines/{rest+}': {} };
    const filled = await serveHttpProxy({ routes, uri: '/v2/{rest}/of/{id}' });
    await request(filled.url, '/orders/a%20b/lines/1/2');
    expect(filled.seen[0]?.target).toBe('/v2/1/2/of/a%20b');

    const appended = await serveHttpProxy({ routes: { $default: {} }, uri: '/' });
    await request(appended.url, '/store/checkout?a=b');
    expect(appended.seen[0]?.target).toBe('/store/checkout?a=b');
  });

  it('an HTTP API calls the upstream with the method of the integration', async () => {
    const { url, seen } = await serveHttpProxy({ integration: { IntegrationMethod: 'PUT' } });
    await request(url, '/a', { method: 'POST' });
    expect(seen[0]?.method).toBe('PUT');
  });

  it('an HTTP API returns the response of the upstream, which includes WWW-Authenticate', async () => {
    const { url } = await serveHttpProxy({
      respond: (response) => {
        response.writeHead(401, { 'WWW-Authenticate': 'Bearer', 'Set-Cookie': ['a=1', 'b=2'] });
        response.end('no');
      },
    });
    expect(await request(url, '/a')).toMatchObject({
      status: 401,
      body: 'no',
      headers: { 'www-authenticate': 'Bearer', 'set-cookie': ['a=1', 'b=2'] },
    });
  });

  it.each([
    ['that times out', 503, 'INTEGRATION_TIMEOUT', 50, () => {}],
    [
      'that closes the connection',
      503,
      'INTEGRATION_FAILURE',
      20_000,
      (response: { destroy(): unknown }) => response.destroy(),
    ],
  ])(
    'for an upstream %s an HTTP API returns %i',
    async (_, status, gatewayResponse, timeout, respond) => {
      const { url, records } = await serveHttpProxy({
        respond,
        integration: { TimeoutInMillis: timeout },
      });
      expect(await request(url, '/a')).toMatchObject({
        status,
        body: '{"message":"Service Unavailable"}',
      });
      expect(records).toMatchObject([{ gatewayResponse }]);
    },
  );
});

describe('parameter mapping of an HTTP API', () => {
  it('an overwritten header replaces that of the client in any case', async () => {
    const { url, seen } = await serveHttpProxy({
      mapping: { 'overwrite:header.X-Token': '$context.httpMethod' },
    });
    await request(url, '/a', { headers: ['x-token', 'forged', 'X-TOKEN', 'forged too'] });
    expect(seenHeader(seen[0], 'x-token')).toEqual(['GET']);
  });

  it('an overwritten header whose source has no value is not sent', async () => {
    const { url, seen } = await serveHttpProxy({
      mapping: { 'overwrite:header.x-token': '$context.authorizer.jwt' },
    });
    expect((await request(url, '/a', { headers: ['X-Token', 'forged'] })).status).toBe(200);
    expect(seenHeader(seen[0], 'x-token')).toEqual([]);
  });

  it('a parameter mapping appends to and removes headers', async () => {
    const { url, seen } = await serveHttpProxy({
      mapping: { 'append:header.x-a': '$request.header.X-B', 'remove:header.X-B': '' },
    });
    await request(url, '/a', { headers: ['X-A', '1', 'x-b', '2', 'x-b', '3'] });
    expect(seenHeader(seen[0], 'x-a')).toEqual(['1', '2,3']);
    expect(seenHeader(seen[0], 'x-b')).toEqual([]);
  });

  it.each([
    ['static text', 'a b', 'a b'],
    ['a context variable', '$context.routeKey', 'ANY /{proxy+}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of API Gateway
    ['several in brackets', '${context.stage}${request.path.proxy}', '$defaulta/7'],
    ['the whole path', '$request.path', '/a/7'],
    ['a query parameter', '$request.querystring.q', '1,2'],
    ['a stage variable', '$stageVariables.tier', 'gold'],
  ])('a parameter mapping reads its value from %s', async (_, value, expected) => {
    const { url, seen } = await serveHttpProxy({
      mapping: { 'overwrite:header.x-value': value },
      extra: { Stage: httpStage({ StageVariables: { tier: 'gold' } }) },
    });
    await request(url, '/a/7?q=1&q=2');
    expect(seenHeader(seen[0], 'x-value')).toEqual([expected]);
  });

  it('a parameter mapping changes query parameters and keeps the encoding of the others', async () => {
    const { url, seen } = await serveHttpProxy({
      mapping: {
        'append:querystring.a': '1&2',
        'overwrite:querystring.b c': 'new',
        'remove:querystring.d': '',
      },
    });
    await request(url, '/x?a=%2f&b+c=old&B=%20&d=1&d=2');
    expect(seen[0]?.target).toBe('/x?a=%2f&B=%20&a=1%262&b+c=new');
  });

  it('a parameter mapping overwrites the path', async () => {
    const routes = { 'GET /in/{proxy+}': {} };
    const verbatim = await serveHttpProxy({
      routes,
      mapping: { 'overwrite:path': '$request.path' },
    });
    await request(verbatim.url, '/in/a%20b?q=1');
    expect(verbatim.seen[0]?.target).toBe('/in/a%20b?q=1');

    const header = await serveHttpProxy({
      routes,
      mapping: { 'overwrite:path': '$request.header.x-path' },
    });
    await request(header.url, '/in/a', { headers: ['X-Path', '../admin?x=1'] });
    expect(header.seen[0]?.target).toBe('/..%2Fadmin%3Fx%3D1');
  });
});

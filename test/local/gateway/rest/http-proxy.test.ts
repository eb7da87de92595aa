import { EventEmitter, once } from 'node:events';
import type http from 'node:http';
import { serveProxy } from '../support/proxy';
import { headerNames, request, seenHeader, serve } from '../support/servers';
import { apiTemplate, declaresProxy, method, proxyTo, resource } from '../support/template';

describe('HTTP proxy integration of a REST API', () => {
  it.each([
    '/a/b',
    '/a%2Fb/%20%C3%A9',
    '/a//b',
    '/a+b;c=d,e',
    '/a?x=1&x=2&y=%2B%20+&z',
    '/a?redirect=https://b.example/?q=1',
  ])('a REST API passes the target %s unchanged', async (target) => {
    const { url, seen } = await serveProxy();
    expect((await request(url, target)).status).toBe(200);
    expect(seen[0]?.target).toBe(target);
  });

  it('a REST API drops the trailing slash of {proxy+} and decodes slashes of the query', async () => {
    const { url, seen } = await serveProxy();
    await request(url, '//a/b/?u=%2Fc%2fd');
    expect(seen[0]?.target).toBe('/a/b?u=/c/d');
  });

  it('a REST API passes method, body and the casing of header names', async () => {
    const { url, seen } = await serveProxy();
    const body = Buffer.from([0, 255, 128, 13, 10, 0]);
    const headers = ['X-CaSe', 'é', 'X-Two', '1', 'X-Two', '2', 'Content-Type', 'image/x'];
    await request(url, '/a', { method: 'PATCH', headers, body });
    expect(seen[0]).toMatchObject({ method: 'PATCH', body });
    expect(headerNames(seen[0])).toEqual(expect.arrayContaining(['X-CaSe', 'Content-Type']));
    expect(seenHeader(seen[0], 'x-case')).toEqual(['é']);
    expect(seenHeader(seen[0], 'x-two')).toEqual(['1', '2']);
  });

  it('a REST API passes a body of unknown length', async () => {
    const { url, seen } = await serveProxy();
    await fetch(new URL('/a', url), {
      method: 'POST',
      body: new Blob(['a', 'b']).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(seen[0]?.body.toString()).toBe('ab');
    expect(seenHeader(seen[0], 'transfer-encoding')).toEqual([]);
  });

  it('an upstream behind a VPC link is called directly', async () => {
    const integration = { ConnectionType: 'VPC_LINK', ConnectionId: 'link' };
    const { url, seen } = await serveProxy(undefined, {}, { integration });
    await request(url, '/a');
    expect(seen[0]?.target).toBe('/a');
  });

  it('a REST API calls the upstream with the method of the integration', async () => {
    const { url, seen } = await serveProxy(
      undefined,
      {},
      {
        integration: { IntegrationHttpMethod: 'POST' },
      },
    );
    await request(url, '/a');
    expect(seen[0]?.method).toBe('POST');
  });

  it('a REST API returns status, body and headers of the upstream', async () => {
    const { url, records } = await serveProxy((response) => {
      response.writeHead(404, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Content-Type', 'text/x']);
      response.end('not here');
    });
    expect(await request(url, '/a')).toMatchObject({
      status: 404,
      body: 'not here',
      headers: { 'set-cookie': ['a=1', 'b=2'], 'content-type': 'text/x' },
    });
    expect(records).toMatchObject([{ status: 404, resource: '/{proxy+}', authorizer: 'none' }]);
    expect(records[0]).not.toHaveProperty('gatewayResponse');
  });

  it('a response to HEAD has no body and keeps its Content-Length', async () => {
    const { url } = await serveProxy((response) => response.setHeader('Content-Length', 7).end());
    expect(await request(url, '/a', { method: 'HEAD' })).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': '7' },
    });
  });
});

describe('upstream that fails', () => {
  it('an upstream that sends no response in time gives INTEGRATION_TIMEOUT', async () => {
    const { url, records } = await serveProxy(
      () => {},
      {},
      { integration: { TimeoutInMillis: 50 } },
    );
    expect(await request(url, '/a')).toMatchObject({
      status: 504,
      body: '{"message":"Endpoint request timed out"}',
    });
    expect(records).toMatchObject([{ gatewayResponse: 'INTEGRATION_TIMEOUT' }]);
  });

  it('an upstream that does not complete its response in time gives INTEGRATION_TIMEOUT', async () => {
    const { url } = await serveProxy(
      (response) => response.write('a'),
      {},
      {
        integration: { TimeoutInMillis: 50 },
      },
    );
    expect((await request(url, '/a')).status).toBe(504);
  });

  it.each([
    [
      'during the response',
      (response: http.ServerResponse) => response.write('a', () => response.destroy()),
    ],
    ['before the response', (response: http.ServerResponse) => response.destroy()],
  ])('an upstream that closes the connection %s gives INTEGRATION_FAILURE', async (_, respond) => {
    const { url, log, records } = await serveProxy(respond);
    expect(await request(url, '/a')).toMatchObject({
      status: 504,
      body: '{"message":"Network error communicating with endpoint"}',
    });
    expect(records).toMatchObject([{ gatewayResponse: 'INTEGRATION_FAILURE' }]);
    expect(log).toEqual([
      expect.stringMatching(/the upstream http:\S+ could not be reached or closed the connection$/),
    ]);
  });

  it('an upstream that does not listen gives INTEGRATION_FAILURE', async () => {
    const template = apiTemplate({
      Proxy: resource('{proxy+}'),
      ProxyAny: method('Proxy', 'ANY', proxyTo(new URL('http://127.0.0.1:1')), declaresProxy),
    });
    const { url } = await serve({ template });
    expect((await request(url, '/a')).status).toBe(504);
  });
});

describe('closing the gateway', () => {
  it('the gateway closes within seconds although connections are open on both sides', async () => {
    const { gateway, url } = await serveProxy();
    await (await fetch(new URL('/a', url))).text();
    const started = performance.now();
    await gateway.close();
    expect(performance.now() - started).toBeLessThan(3000);
    await expect(fetch(new URL('/a', url))).rejects.toThrow();
  });

  it('closing the gateway aborts a request that waits for its upstream', async () => {
    const asked = new EventEmitter();
    const { gateway, url } = await serveProxy(() => asked.emit('asked'));
    const pending = request(url, '/a');
    const failed = expect(pending).rejects.toThrow();
    await once(asked, 'asked');
    await gateway.close();
    await failed;
  });
});

import { request, seenHeader, serve, startUpstream } from '../support/servers';
import {
  apiTemplate,
  authorized,
  declaresProxy,
  method,
  mock,
  proxyTo,
  resource,
} from '../support/template';

const body = (bytes: number) => Buffer.alloc(bytes, 'x');
const tenMegabytes = 10 * 1024 * 1024;

async function serveProxy(respond?: Parameters<typeof startUpstream>[0]) {
  const upstream = await startUpstream(respond);
  const template = apiTemplate({
    Proxy: resource('{proxy+}'),
    ProxyAny: method('Proxy', 'ANY', proxyTo(upstream.url), declaresProxy),
  });
  return { ...(await serve({ template })), seen: upstream.seen };
}

describe('header limit', () => {
  it('a REST API accepts at most 10,240 bytes of header values', async () => {
    const { url, seen, records } = await serveProxy();
    // The values of Host and the connection header count as well.
    const others = `${url.host}`.length + 'close'.length;
    const filled = (bytes: number) => ['Connection', 'close', 'X-Fill', 'x'.repeat(bytes - others)];
    expect((await request(url, '/a', { headers: filled(10_240) })).status).toBe(200);
    expect(seenHeader(seen[0], 'x-fill')).toHaveLength(1);
    expect((await request(url, '/a', { headers: filled(10_241) })).status).toBe(431);
    expect(seen).toHaveLength(1);
    expect(records).toMatchObject([{ status: 200 }, { status: 431, authorizer: 'none' }]);
  });
});

describe('payload limit', () => {
  it('a request body can have at most 10 MB', async () => {
    const { url, seen } = await serveProxy();
    const post = (bytes: number) => request(url, '/a', { method: 'POST', body: body(bytes) });
    expect((await post(tenMegabytes)).status).toBe(200);
    expect(seen[0]?.body.length).toBe(tenMegabytes);
    expect(await post(tenMegabytes + 1)).toMatchObject({
      status: 413,
      body: '{"message":"Request Too Long"}',
    });
    expect(seen).toHaveLength(1);
  });

  it('a response body can have at most 10 MB', async () => {
    let bytes = tenMegabytes;
    const { url, records } = await serveProxy((response) => response.end(body(bytes)));
    expect((await request(url, '/a')).body).toHaveLength(tenMegabytes);
    bytes += 1;
    expect((await request(url, '/a')).status).toBe(504);
    expect(records).toMatchObject([{}, { gatewayResponse: 'INTEGRATION_FAILURE' }]);
  });
});

describe('method ARN limit', () => {
  it('a method ARN can have at most 1600 bytes', async () => {
    const invoke = jest.fn(async () => ({ payload: {} }));
    const template = apiTemplate({
      Proxy: resource('{proxy+}'),
      ProxyGet: method('Proxy', 'GET', mock('x'), authorized),
    });
    const { url } = await serve({ template, invoke });
    const fixed = 'arn:aws:execute-api:us-east-1:000000000000:abcdefghij/v1/GET/'.length;
    const get = (bytes: number) =>
      request(url, `/${'x'.repeat(bytes - fixed)}`, { headers: ['Authorization', 'x'] });
    expect((await get(1600)).status).toBe(500);
    expect(invoke).toHaveBeenCalledTimes(1);
    expect((await get(1601)).status).toBe(414);
    expect(invoke).toHaveBeenCalledTimes(1);
  });
});

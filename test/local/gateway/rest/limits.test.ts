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

async function serveProxy(answer?: Parameters<typeof startUpstream>[0]) {
  const upstream = await startUpstream(answer);
  const template = apiTemplate({
    Proxy: resource('{proxy+}'),
    ProxyAny: method('Proxy', 'ANY', proxyTo(upstream.url), declaresProxy),
  });
  return { ...(await serve({ template })), seen: upstream.seen };
}

describe('the header limit', () => {
  it('lets 10,240 bytes of header values pass and no more', async () => {
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

describe('the payload limit', () => {
  it('lets 10 MB pass to the upstream and no more', async () => {
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

  it('lets 10 MB pass from the upstream and no more', async () => {
    let bytes = tenMegabytes;
    const { url, records } = await serveProxy((response) => response.end(body(bytes)));
    expect((await request(url, '/a')).body).toHaveLength(tenMegabytes);
    bytes += 1;
    expect((await request(url, '/a')).status).toBe(504);
    expect(records).toMatchObject([{}, { gatewayResponse: 'INTEGRATION_FAILURE' }]);
  });
});

describe('the method ARN limit', () => {
  it('lets 1600 bytes pass to the authorizer and no more', async () => {
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

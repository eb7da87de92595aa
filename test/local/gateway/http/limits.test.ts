import { serveHttpProxy } from '../support/http-template';
import { request } from '../support/servers';

describe('limit on request line and header values', () => {
  it('an HTTP API accepts at most 10,240 bytes of request line and header values', async () => {
    const { url, seen, records } = await serveHttpProxy();
    // The request line and the values of Host and the connection header count as well.
    const others = 'GET /a HTTP/1.1'.length + url.host.length + 'close'.length;
    const filled = (bytes: number) => ['Connection', 'close', 'X-Fill', 'x'.repeat(bytes - others)];
    expect((await request(url, '/a', { headers: filled(10_240) })).status).toBe(200);
    expect((await request(url, '/a', { headers: filled(10_241) })).status).toBe(431);
    expect(seen).toHaveLength(1);
    expect(records).toMatchObject([{ status: 200 }, { status: 431, authorizer: 'none' }]);
  });

  it('returns 414 when the request line alone exceeds 10,240 bytes', async () => {
    const { url, seen } = await serveHttpProxy();
    const line = 'GET / HTTP/1.1'.length;
    const path = (bytes: number) => `/${'x'.repeat(bytes - line)}`;
    expect((await request(url, path(10_241))).status).toBe(414);
    expect((await request(url, path(10_240))).status).toBe(431);
    expect(seen).toEqual([]);
  });
});

import { protectedBy, serveHttpProxy } from '../support/http-template';
import { request } from '../support/servers';

const cors = {
  AllowOrigins: ['https://a.example'],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['authorization', 'x-b'],
  ExposeHeaders: ['x-c'],
  MaxAge: 600,
  AllowCredentials: true,
};
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: ['Origin', origin, 'Access-Control-Request-Method', 'GET'],
});
const from = (origin: string) => ({ headers: ['Origin', origin] });

const serveCors = (routes: Record<string, object>, CorsConfiguration: object = cors) => {
  const invoke = jest.fn();
  const served = serveHttpProxy({
    routes: routes as Record<string, Record<string, unknown>>,
    uri: '/',
    properties: { CorsConfiguration },
    answer: (response) => {
      response.setHeader('Access-Control-Allow-Origin', 'https://upstream.example');
      response.setHeader('Access-Control-Max-Age', '1');
      response.end('{}');
    },
    options: { invoke },
  });
  return served.then((parts) => ({ ...parts, invoke }));
};
const corsHeaders = (headers: object) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control')));

describe('CORS of an HTTP API', () => {
  it('answers preflight requests by itself where no route serves OPTIONS', async () => {
    const { url, seen, invoke, records } = await serveCors({ 'GET /a': protectedBy });
    const response = await request(url, '/a', preflight('https://a.example'));
    expect(response).toMatchObject({ status: 204, body: '' });
    expect(corsHeaders(response.headers)).toEqual({
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,x-b',
      'access-control-max-age': '600',
    });
    expect(seen).toEqual([]);
    expect(invoke).not.toHaveBeenCalled();
    expect(records).toMatchObject([{ status: 204, authorizer: 'none' }]);
  });

  it('gives no CORS headers to an origin that is not allowed', async () => {
    const { url } = await serveCors({ 'GET /a': {} });
    for (const options of [preflight('https://evil.example'), from('https://evil.example')]) {
      const { headers } = await request(url, '/a', options);
      expect(corsHeaders(headers)).toEqual({});
    }
  });

  it.each(['ANY /a', 'ANY /{proxy+}', '$default', 'OPTIONS /a'])(
    'leaves preflight requests to %s, authorizer included',
    async (key) => {
      const { url, records } = await serveCors({ [key]: protectedBy });
      expect((await request(url, '/a', preflight('https://a.example'))).status).toBe(401);
      expect(records).toMatchObject([{ authorizer: 'identity-missing', resource: key }]);
    },
  );

  it('lets an open OPTIONS route go before a protected $default', async () => {
    const { url, seen } = await serveCors({ $default: protectedBy, 'OPTIONS /{proxy+}': {} });
    const response = await request(url, '/a', preflight('https://a.example'));
    expect(response.status).toBe(200);
    expect(response.headers['access-control-allow-origin']).toBe('https://a.example');
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['Origin', ['Access-Control-Request-Method', 'GET']],
    ['Access-Control-Request-Method', ['Origin', 'https://a.example']],
  ])('takes no request for a preflight that has no %s', async (_, headers) => {
    const { url } = await serveCors({ 'GET /a': {} });
    expect((await request(url, '/a', { method: 'OPTIONS', headers })).status).toBe(404);
  });

  it("puts its own headers in place of the upstream's", async () => {
    const { url } = await serveCors({ 'GET /a': {} });
    expect(corsHeaders((await request(url, '/a', from('https://a.example'))).headers)).toEqual({
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-c',
    });
    expect(corsHeaders((await request(url, '/a')).headers)).toEqual({});
  });

  it('leaves the headers of the upstream alone when it is not configured', async () => {
    const { url } = await serveHttpProxy({
      answer: (response) => response.setHeader('Access-Control-Allow-Origin', '*').end(),
    });
    const { headers } = await request(url, '/a');
    expect(headers['access-control-allow-origin']).toBe('*');
  });

  it.each([
    ['*', 'http://x.example', '*'],
    ['https://*', 'https://x.example', 'https://x.example'],
    ['https://*', 'http://x.example', undefined],
    ['http://*', 'http://x.example', 'http://x.example'],
    ['https://a.example', 'https://a.example.evil', undefined],
  ])('with the allowed origin %s answers %s with %s', async (allowed, origin, expected) => {
    const { url } = await serveCors({ 'GET /a': {} }, { AllowOrigins: [allowed] });
    const { headers } = await request(url, '/a', from(origin));
    expect(headers['access-control-allow-origin']).toBe(expected);
  });
});

import { protectedBy, serveHttpProxy } from '../support/http-template';
import { request } from '../support/servers';

const cors = {
  AllowOrigins: ['https://a.example'],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['Authorization', 'X-B'],
  ExposeHeaders: ['X-C'],
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
    respond: (response) => {
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
  it('an HTTP API responds to preflight requests where no route serves OPTIONS', async () => {
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

  it('responses to an origin that is not allowed have no CORS headers', async () => {
    const { url } = await serveCors({ 'GET /a': {} });
    for (const options of [preflight('https://evil.example'), from('https://evil.example')]) {
      const { headers } = await request(url, '/a', options);
      expect(corsHeaders(headers)).toEqual({});
    }
  });

  it.each(['ANY /a', 'ANY /{proxy+}', '$default', 'OPTIONS /a'])(
    'preflight requests are served by the route %s and its authorizer',
    async (key) => {
      const { url, records } = await serveCors({ [key]: protectedBy });
      expect((await request(url, '/a', preflight('https://a.example'))).status).toBe(401);
      expect(records).toMatchObject([{ authorizer: 'identity-missing', resource: key }]);
    },
  );

  it('a public OPTIONS route precedes a protected $default route', async () => {
    const { url, seen } = await serveCors({ $default: protectedBy, 'OPTIONS /{proxy+}': {} });
    const response = await request(url, '/a', preflight('https://a.example'));
    expect(response.status).toBe(200);
    expect(response.headers['access-control-allow-origin']).toBe('https://a.example');
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['Origin', ['Access-Control-Request-Method', 'GET']],
    ['Access-Control-Request-Method', ['Origin', 'https://a.example']],
  ])('an OPTIONS request without %s is not a preflight request', async (_, headers) => {
    const { url } = await serveCors({ 'GET /a': {} });
    expect((await request(url, '/a', { method: 'OPTIONS', headers })).status).toBe(404);
  });

  it('CORS headers of the API replace those of the upstream', async () => {
    const { url } = await serveCors({ 'GET /a': {} });
    expect(corsHeaders((await request(url, '/a', from('https://a.example'))).headers)).toEqual({
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-c',
    });
    expect(corsHeaders((await request(url, '/a')).headers)).toEqual({});
  });

  it('CORS headers of the upstream are passed when the API has no CORS configuration', async () => {
    const { url } = await serveHttpProxy({
      respond: (response) => response.setHeader('Access-Control-Allow-Origin', '*').end(),
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
  ])(
    'for the allowed origin %s and the origin %s, Access-Control-Allow-Origin is %s',
    async (allowed, origin, expected) => {
      const { url } = await serveCors({ 'GET /a': {} }, { AllowOrigins: [allowed] });
      const { headers } = await request(url, '/a', from(origin));
      expect(headers['access-control-allow-origin']).toBe(expected);
    },
  );
});

import { introspectFrom } from '../support/introspect-from';
import { type ServedConfig, serveConfig } from '../support/served-config';
import { type StubServer, startStubServer } from '../support/stub-server';
import { AUDIENCE, createTokenSigner, ISSUER } from '../support/tokens';

let authorizationServer: StubServer;
let upstream: StubServer;
let local: ServedConfig;
/** Phantom tokens by access token. */
const phantomTokens = new Map<string, string>();

const introspect = introspectFrom(phantomTokens);

beforeAll(async () => {
  const sign = await createTokenSigner();
  const exp = Math.floor(Date.now() / 1000) + 600;
  phantomTokens.set('reader', await sign({ scope: 'read', exp }));
  phantomTokens.set('writer', await sign({ scope: 'write', exp }));
  authorizationServer = await startStubServer('/introspect', introspect);
  upstream = await startStubServer('/', (response) => {
    response.end('upstream');
  });
  local = await serveConfig({
    secret: { client_id: 'gateway', client_secret: 'secret' },
    config: {
      introspection: { endpoint: authorizationServer.url.href },
      token: { issuer: ISSUER, audience: AUDIENCE },
      // Otherwise execution environments share a fault for a second.
      cache: { coalesceIntrospections: false },
      api: {
        type: 'HTTP',
        upstream: upstream.url.origin,
        routes: [
          { method: 'ANY', path: '/orders/{id}', scopes: ['read'] },
          { method: 'POST', path: '/orders/{id}', scopes: [['write'], ['admin']] },
          { method: 'GET', path: '/health', public: true },
        ],
        cors: { allowOrigins: ['https://app.example.com'] },
      },
    },
  });
});

afterAll(async () => {
  await Promise.all([local?.close(), authorizationServer?.close(), upstream?.close()]);
});

beforeEach(() => {
  authorizationServer.requests.length = 0;
  upstream.requests.length = 0;
});

function call(path: string, accessToken?: string, options: RequestInit = {}): Promise<Response> {
  const authorization = accessToken && `Bearer ${accessToken}`;
  return fetch(new URL(path, local.url), {
    ...options,
    headers: { ...options.headers, ...(authorization && { authorization }) },
  });
}

test('the upstream of an HTTP API receives the phantom token in a header that clients cannot set', async () => {
  const response = await call('/orders/a%20b?x=1&x=2', 'reader', {
    headers: { 'X-Phantom-Token': 'forged', 'x-custom': 'kept' },
  });

  expect([response.status, await response.text()]).toEqual([200, 'upstream']);
  const [received] = upstream.requests;
  expect(received?.path).toBe('/orders/a%20b?x=1&x=2');
  expect(received?.headers).toMatchObject({
    'x-phantom-token': phantomTokens.get('reader'),
    // HTTP APIs cannot map this reserved header.
    authorization: 'Bearer reader',
    'x-custom': 'kept',
  });
});

test('a public route of an HTTP API removes a forged phantom token header', async () => {
  const headers = { 'x-phantom-token': 'forged' };

  expect((await call('/health', undefined, { headers })).status).toBe(200);
  expect(upstream.requests[0]?.headers).not.toHaveProperty('x-phantom-token');
});

test.each([
  ['without a token', undefined, 'GET', 401],
  ['with an unknown token', 'unknown', 'GET', 401],
  ['without the scope', 'writer', 'GET', 403],
  ['without the scope of its method', 'reader', 'POST', 403],
])(
  'a request %s does not reach the upstream of an HTTP API',
  async (_title, accessToken, method, status) => {
    expect((await call('/orders/1', accessToken, { method })).status).toBe(status);
    expect(upstream.requests).toHaveLength(0);
  },
);

test('the rule of a method precedes that of ANY, with and without a cached result', async () => {
  for (let repetition = 0; repetition < 2; repetition += 1) {
    expect((await call('/orders/2', 'writer', { method: 'POST' })).status).toBe(200);
    expect((await call('/orders/2', 'writer', { method: 'PUT' })).status).toBe(403);
    expect((await call('/orders/2', 'reader', { method: 'PUT' })).status).toBe(200);
  }
});

test('an HTTP API responds 404 to a route that is not configured', async () => {
  expect((await call('/other', 'reader')).status).toBe(404);
  expect(authorizationServer.requests).toHaveLength(0);
});

test('an HTTP API responds to preflight requests without the authorizer', async () => {
  const headers = {
    origin: 'https://app.example.com',
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization',
  };
  const response = await call('/orders/1', undefined, { method: 'OPTIONS', headers });

  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(upstream.requests).toHaveLength(0);
});

test('an HTTP API responds 500 while introspection fails and introspects again', async () => {
  const sign = await createTokenSigner();
  const exp = Math.floor(Date.now() / 1000) + 600;
  phantomTokens.set('late', await sign({ scope: 'read', exp }));
  authorizationServer.answer((response) => {
    response.writeHead(500).end('<html>');
  });

  expect((await call('/orders/1', 'late')).status).toBe(500);
  authorizationServer.answer(introspect);
  expect((await call('/orders/1', 'late')).status).toBe(200);
});

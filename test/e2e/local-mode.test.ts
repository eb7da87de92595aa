import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { introspectFrom } from '../support/introspect-from';
import { type ServedConfig, serveConfig } from '../support/served-config';
import { type StubServer, startStubServer } from '../support/stub-server';
import { AUDIENCE, createTokenSigner, ISSUER } from '../support/tokens';

/** Values that must not be printed. */
const secrets: string[] = [];
const CLIENT_SECRET = newSecret();

let authorizationServer: StubServer;
let upstream: StubServer;
let local: ServedConfig;
/** Phantom tokens by access token. */
const phantomTokens = new Map<string, string>();
let sign: Awaited<ReturnType<typeof createTokenSigner>>;

beforeAll(async () => {
  sign = await createTokenSigner();
  authorizationServer = await startStubServer('/introspect', introspect);
  upstream = await startStubServer('/base', (response) => {
    response.writeHead(201, { 'x-from-upstream': 'yes' }).end('upstream');
  });
  local = await serveConfig({
    secret: { client_id: 'gateway', client_secret: CLIENT_SECRET },
    config: {
      introspection: { endpoint: authorizationServer.url.href, timeoutSeconds: 1 },
      token: { issuer: ISSUER, audience: AUDIENCE },
      cache: { authorizerResultTtlSeconds: 0 },
      api: {
        upstream: upstream.url.href,
        realm: 'orders',
        routes: [
          { method: 'GET', path: '/orders/{id}', scopes: ['read'] },
          { method: 'POST', path: '/files/{proxy+}', scopes: ['write'] },
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

afterEach(() => {
  authorizationServer.requests.length = 0;
  upstream.requests.length = 0;
});

test('a request without a token gets 401 with a challenge and is not introspected', async () => {
  const response = await fetch(new URL('/orders/1', local.url));

  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="orders"');
  expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(await response.json()).toEqual({
    code: 'unauthorized',
    message: 'Missing, invalid or expired access token',
  });
  expectCalls({ introspections: 0, upstream: 0 });
});

test.each([
  ['of another scheme', 'Basic YTpi'],
  ['without a token', 'Bearer'],
  ['with two tokens', 'Bearer a b'],
  ['over 4 KB', `Bearer ${'x'.repeat(4097)}`],
])('a credential %s gets 401 and is not introspected', async (_title, authorization) => {
  const response = await fetch(new URL('/orders/1', local.url), { headers: { authorization } });

  expect(response.status).toBe(401);
  expectCalls({ introspections: 0, upstream: 0 });
});

test('an unknown token gets 401 twice and is introspected once', async () => {
  const accessToken = newSecret();

  expect((await call('/orders/1', accessToken)).status).toBe(401);
  expect((await call('/orders/1', accessToken)).status).toBe(401);
  expectCalls({ introspections: 1, upstream: 0 });
});

test('the upstream receives the JWT for an active token and the rest of the request unchanged', async () => {
  const { accessToken, jwt } = await issue({ scope: 'write' });

  const response = await send('POST', '/files/a%2Fb/c%20d?x=1&x=2&empty=', {
    authorization: `bearer  ${accessToken}`,
    'content-type': 'application/octet-stream',
    'x-custom': 'kept',
  });

  expect(response).toMatchObject({ status: 201, body: 'upstream' });
  expect(response.headers['x-from-upstream']).toBe('yes');
  expectCalls({ introspections: 1, upstream: 1 });
  const [received] = upstream.requests;
  expect(received).toMatchObject({
    method: 'POST',
    path: '/base/files/a%2Fb/c%20d?x=1&x=2&empty=',
    body: 'some body',
  });
  expect(received?.headers).toMatchObject({ authorization: `Bearer ${jwt}`, 'x-custom': 'kept' });
});

test('the introspection request conforms to RFC 7662', async () => {
  const { accessToken } = await issue({ scope: 'read' });

  await call('/orders/1', accessToken);

  const [introspection] = authorizationServer.requests;
  const credentials = Buffer.from(`gateway:${CLIENT_SECRET}`).toString('base64');
  expect(introspection).toMatchObject({ method: 'POST', body: `token=${accessToken}` });
  expect(introspection?.headers).toMatchObject({
    accept: 'application/jwt',
    authorization: `Basic ${credentials}`,
    'content-type': 'application/x-www-form-urlencoded',
  });
});

test('a known token is not introspected again', async () => {
  const { accessToken } = await issue({ scope: 'read' });

  expect((await call('/orders/1', accessToken)).status).toBe(201);
  expect((await call('/orders/2', accessToken)).status).toBe(201);
  expectCalls({ introspections: 1, upstream: 2 });
});

test('a token without the scope of a route gets 403 there and reaches routes whose scope it has', async () => {
  const { accessToken } = await issue({ scope: 'write' });

  const response = await call('/orders/1', accessToken);

  expect(response.status).toBe(403);
  expect(response.headers.get('www-authenticate')).toBe(
    'Bearer realm="orders", error="insufficient_scope"',
  );
  expect(await response.json()).toMatchObject({ code: 'insufficient_scope' });
  expectCalls({ introspections: 1, upstream: 0 });
  const { status } = await send('POST', '/files/a', { authorization: `Bearer ${accessToken}` });
  expect(status).toBe(201);
});

test.each([
  ['of another issuer', { iss: 'https://other.example.com' }],
  ['for another audience', { aud: ['other'] }],
  ['that has expired', { exp: 1_700_000_000 }],
  ['bound to its sender', { cnf: { jkt: 'thumbprint' } }],
])('a token %s gets 401', async (_title, claims) => {
  const { accessToken } = await issue({ scope: 'read', ...claims });

  expect((await call('/orders/1', accessToken)).status).toBe(401);
  expectCalls({ introspections: 1, upstream: 0 });
});

test('an introspection status other than 200 and 204 results in 503 with Retry-After, and in another introspection a second later', async () => {
  const failed: string[] = [];
  for (const status of [401, 403, 404, 429, 500, 302]) {
    const { accessToken } = await issue({ scope: 'read' });
    failed.push(accessToken);
    authorizationServer.answer((response) => {
      response.writeHead(status, { location: upstream.url.href }).end('<html>');
    });

    const response = await call('/orders/1', accessToken);

    expect([status, response.status]).toEqual([status, 503]);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toEqual({
      code: 'server_error',
      message: 'Problem encountered authorizing the request',
    });
  }
  expect(upstream.requests).toHaveLength(0);
  authorizationServer.answer(introspect);
  // Execution environments share the fault for a second.
  await setTimeout(1100);
  for (const accessToken of failed) {
    expect((await call('/orders/1', accessToken)).status).toBe(201);
  }
});

test('a public route is served without a token', async () => {
  expect((await fetch(new URL('/health', local.url))).status).toBe(201);
  expectCalls({ introspections: 0, upstream: 1 });
});

test('a route that is not configured does not reach the upstream', async () => {
  const { accessToken } = await issue({ scope: 'read write' });

  expect((await call('/other', accessToken)).status).toBe(403);
  expectCalls({ introspections: 0, upstream: 0 });
});

test('a REST API responds to preflight requests without the authorizer', async () => {
  const response = await fetch(new URL('/orders/1', local.url), { method: 'OPTIONS' });

  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
  expectCalls({ introspections: 0, upstream: 0 });
});

test('local mode logs no token, JWT or secret', () => {
  // The log includes lines of the function, which have more in them that could leak.
  expect(local.log()).toContain('"outcome":"allow"');
  expect(secrets.length).toBeGreaterThan(10);
  for (const secret of secrets) expect(local.log()).not.toContain(secret);
});

const introspect = introspectFrom(phantomTokens);

function newSecret(): string {
  const secret = randomBytes(24).toString('base64url');
  secrets.push(secret);
  return secret;
}

/** Issues an active access token. */
async function issue(claims: Record<string, unknown>) {
  const exp = Math.floor(Date.now() / 1000) + 600;
  const [accessToken, jwt] = [newSecret(), await sign({ exp, ...claims })];
  phantomTokens.set(accessToken, jwt);
  secrets.push(...jwt.split('.'));
  return { accessToken, jwt };
}

function call(path: string, accessToken: string): Promise<Response> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return fetch(new URL(path, local.url), { headers });
}

/** Sends a path without the normalization of `fetch`. */
async function send(method: string, path: string, headers: Record<string, string>) {
  return new Promise<{ status?: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const outgoing = request(local.url, { method, path, headers }, async (response) => {
        const body = (await buffer(response)).toString();
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
      outgoing.on('error', reject).end('some body');
    },
  );
}

function expectCalls(expected: { introspections: number; upstream: number }): void {
  expect({
    introspections: authorizationServer.requests.length,
    upstream: upstream.requests.length,
  }).toEqual(expected);
}

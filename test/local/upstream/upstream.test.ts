import { createServer, type Server } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { close, listen } from '../../../local/http-server';
import { startUpstream, type Upstream } from '../../../local/upstream/upstream';

const issuer = 'https://login.example.com';
const audience = 'api.local';
const now = Math.floor(Date.now() / 1000);
const claims = {
  iss: issuer,
  aud: audience,
  sub: 'shop',
  client_id: 'shop',
  scope: 'read',
  exp: now + 60,
  jti: 'not shown',
};

let key: CryptoKey;
let otherKey: CryptoKey;
let jwksServer: Server;
let jwksUri: string;
let upstream: Upstream;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  key = pair.privateKey;
  otherKey = (await generateKeyPair('ES256')).privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' };
  jwksServer = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  jwksUri = (await listen(jwksServer)).href;
});
afterAll(() => close(jwksServer));
beforeEach(async () => {
  upstream = await startUpstream({ issuer, audience, jwksUri });
});
afterEach(() => upstream.close());

const sign = (more: JWTPayload = {}, by = key) =>
  new SignJWT({ ...claims, ...more })
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })
    .sign(by);
const call = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(new URL(path, upstream.url), { method, headers });

describe('the sample upstream API', () => {
  it('the sample API responds with the request and the claims of the phantom token', async () => {
    const jwt = await sign();

    const response = await call(
      '/orders/4%2F2?a=1&a=%20',
      { Authorization: `Bearer ${jwt}` },
      'POST',
    );

    expect(response.status).toBe(200);
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({
      api: 'orders',
      method: 'POST',
      path: '/orders/4%2F2',
      query: 'a=1&a=%20',
      token: {
        iss: issuer,
        sub: 'shop',
        aud: audience,
        client_id: 'shop',
        scope: 'read',
        exp: now + 60,
        typ: 'at+jwt',
      },
    });
    expect(text).not.toContain(jwt.split('.')[2]);
    expect(upstream.lastRequest()).toMatchObject({
      method: 'POST',
      url: '/orders/4%2F2?a=1&a=%20',
      headers: { authorization: `Bearer ${jwt}` },
    });
  });

  it.each<[string, () => Promise<string>, string]>([
    ['an opaque token', async () => 'Bearer h3cuvy46hsBFe', 'ERR_JWS_INVALID'],
    ['a phantom token without a scheme', () => sign(), 'ERR_JWS_INVALID'],
    ['another scheme', async () => `Basic ${await sign()}`, 'ERR_JWS_INVALID'],
    [
      'another key',
      async () => `Bearer ${await sign({}, otherKey)}`,
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    ],
    [
      'another issuer',
      async () => `Bearer ${await sign({ iss: 'https://evil.example.com' })}`,
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    [
      'another audience',
      async () => `Bearer ${await sign({ aud: 'other' })}`,
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    ['an expired token', async () => `Bearer ${await sign({ exp: now })}`, 'ERR_JWT_EXPIRED'],
    [
      'an algorithm not listed',
      async () => 'Bearer eyJhbGciOiJub25lIn0.e30.',
      'ERR_JOSE_ALG_NOT_ALLOWED',
    ],
  ])('the sample API responds 401 to %s', async (_, authorization, reason) => {
    const response = await call('/orders', { Authorization: await authorization() });

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(await response.json()).toEqual({
      code: 'invalid_token',
      message: 'No valid phantom token',
      reason,
    });
  });

  it('the sample API responds 401 without a token, except to GET /health', async () => {
    const orders = await call('/orders');
    const health = await call('/health');
    const update = await call('/health', {}, 'POST');

    expect([orders.status, health.status, update.status]).toEqual([401, 200, 401]);
    expect(await health.json()).toEqual({ status: 'ok' });
    expect(upstream.calls()).toBe(3);
  });

  it('the sample API reads the phantom token from the first configured header in the request', async () => {
    await upstream.close();
    const tokenHeaders = ['x-phantom-token', 'authorization'];
    upstream = await startUpstream({ issuer, audience, jwksUri, tokenHeaders });
    const jwt = await sign();
    const opaque = 'Bearer opaque';

    const first = await call('/orders', { 'X-Phantom-Token': jwt, Authorization: opaque });
    const second = await call('/orders', { Authorization: `Bearer ${jwt}` });
    const hidden = await call('/orders', {
      'X-Phantom-Token': 'x',
      Authorization: `Bearer ${jwt}`,
    });

    expect([first.status, second.status, hidden.status]).toEqual([200, 200, 401]);
  });

  it('the sample API verifies with other keys once they are configured', async () => {
    const headers = { Authorization: `Bearer ${await sign()}` };
    upstream.trust({ issuer: 'https://api.example.com', audience, jwksUri });

    expect((await call('/orders', headers)).status).toBe(401);
    upstream.trust({ issuer, audience, jwksUri });
    expect((await call('/orders', headers)).status).toBe(200);
  });
});

import { execFile } from 'node:child_process';
import { hash, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JWK,
  jwtVerify,
} from 'jose';
import {
  type ClientCredentials,
  requestAccessToken,
  revokeAccessToken,
} from '../../../local/authorization-server/client';
import { createDpopKey } from '../../../local/authorization-server/dpop-key';
import { postForm } from '../../../local/authorization-server/post-form';
import {
  authorizationServerClock,
  startTestAuthorizationServer,
  type TestAuthorizationServer,
} from '../../support/authorization-server';
import { basicAuthorization } from '../../support/basic-authorization';
import { createCertificateAuthority } from '../../support/certificates';

const run = promisify(execFile);

let server: TestAuthorizationServer;

beforeAll(async () => {
  server = await startTestAuthorizationServer();
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => server.close());

const post = (url: string, client: ClientCredentials, form: object, headers: object = {}) => {
  return fetch(url, {
    method: 'POST',
    headers: { Authorization: basicAuthorization(client), Connection: 'close', ...headers },
    body: new URLSearchParams({ ...form }),
  });
};
const introspect = (token: string, accept = 'application/jwt', client = server.gateway) =>
  post(server.introspectionEndpoint, client, { token }, { Accept: accept });
const tokenOf = (name: 'shop' | 'brief', scope?: string) =>
  requestAccessToken(server.tokenEndpoint, server.clients[name], scope);
const now = () => Math.floor(Date.now() / 1000);

describe('embedded authorization server', () => {
  it('binds the tokens of an application to its client certificate', async () => {
    const authority = await createCertificateAuthority();
    const client = await authority.client('CN=partner');
    const bound = await startTestAuthorizationServer({
      tls: { ...(await authority.server(['127.0.0.1'])), clientCa: authority.cert },
      ca: authority.cert,
      format: 'json',
      applications: { shop: { scopes: ['read'], certificateBound: true }, brief: { scopes: [] } },
    });
    const tls = { ca: authority.cert, ...client };
    const { tokenEndpoint, introspectionEndpoint, clients } = bound;
    try {
      const token = await requestAccessToken(tokenEndpoint, clients.shop, 'read', { tls });
      const { body } = await postForm(introspectionEndpoint, {
        form: { token },
        headers: { authorization: basicAuthorization(bound.gateway) },
        tls,
      });

      const thumbprint = hash('sha256', new X509Certificate(client.cert).raw, 'base64url');
      expect(JSON.parse(body)).toMatchObject({ active: true, cnf: { 'x5t#S256': thumbprint } });
      await expect(bound.accessToken('shop', 'read')).rejects.toThrow(/ 400 .*invalid_grant/);
    } finally {
      await bound.close();
    }
  });

  it('binds a token to the key of a DPoP proof', async () => {
    const dpopKey = await createDpopKey();
    const { tokenEndpoint, clients } = server;

    const token = await requestAccessToken(tokenEndpoint, clients.shop, 'read', { dpopKey });

    const claims = decodeJwt(await (await introspect(token)).text());
    const { jwk } = decodeProtectedHeader(await dpopKey.proof('GET', 'https://api.example.com'));
    expect(claims).toMatchObject({ cnf: { jkt: await calculateJwkThumbprint(jwk as JWK) } });
  });

  it('the authorization server publishes its endpoints and the public part of its key only', async () => {
    const metadata = await fetch(`${server.issuer}/.well-known/openid-configuration`);
    const jwks = await fetch(server.jwksUri);

    expect(await metadata.json()).toMatchObject({
      issuer: server.issuer,
      token_endpoint: server.tokenEndpoint,
      introspection_endpoint: server.introspectionEndpoint,
      jwks_uri: server.jwksUri,
      grant_types_supported: expect.arrayContaining(['client_credentials']),
    });
    const { keys } = (await jwks.json()) as { keys: object[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', kid: expect.any(String) });
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('issues opaque access tokens', async () => {
    const [one, other] = [await tokenOf('shop', 'read'), await tokenOf('shop', 'read')];

    expect(one).toMatch(/^[\w-]{20,}$/);
    expect(other).not.toBe(one);
  });

  it('issues no access token for a wrong secret or a scope of another application', async () => {
    const impostor = { ...server.clients.shop, clientSecret: 'guess:%' };

    await expect(requestAccessToken(server.tokenEndpoint, impostor)).rejects.toThrow(
      'the token endpoint responded 401 invalid_client',
    );
    await expect(tokenOf('brief', 'orders:read')).rejects.toThrow('400 invalid_scope');
  });

  it('a revoked token is not active, and only its own application can revoke it', async () => {
    const accessToken = await tokenOf('shop', 'read');

    await revokeAccessToken(server.revocationEndpoint, server.clients.brief, accessToken);
    expect((await introspect(accessToken)).status).toBe(200);
    await revokeAccessToken(server.revocationEndpoint, server.clients.shop, accessToken);
    expect((await introspect(accessToken)).status).toBe(204);
    const impostor = { ...server.clients.shop, clientSecret: 'guess' };
    await expect(
      revokeAccessToken(server.revocationEndpoint, impostor, accessToken),
    ).rejects.toThrow('the revocation endpoint responded 401');
  });

  it('responds with the phantom token to exactly Accept: application/jwt', async () => {
    const accessToken = await tokenOf('shop', 'read orders:read');

    const response = await introspect(accessToken);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/jwt');
    const phantomToken = await response.text();
    const { payload, protectedHeader } = await jwtVerify(
      phantomToken,
      createRemoteJWKSet(new URL(server.jwksUri)),
      { issuer: server.issuer, audience: 'api.local', algorithms: ['RS256'] },
    );
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: expect.any(String), typ: 'at+jwt' });
    expect(payload).toEqual({
      iss: server.issuer,
      aud: 'api.local',
      sub: 'shop',
      client_id: 'shop',
      scope: 'read orders:read',
      iat: expect.any(Number),
      exp: Number(payload.iat) + 600,
      jti: expect.any(String),
    });
    expect(JSON.stringify(payload)).not.toContain(accessToken);
    const maxAge = Number(/^max-age=(\d+)$/.exec(response.headers.get('cache-control') ?? '')?.[1]);
    expect(Number(payload.exp) - now() - maxAge).toBeLessThanOrEqual(0);
    expect(maxAge).toBeLessThanOrEqual(600);
  });

  it('omits the scope claim for an access token without scopes', async () => {
    const response = await introspect(await tokenOf('shop'));

    const [, payload = ''] = (await response.text()).split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).not.toHaveProperty('scope');
  });

  it.each([
    ['nonsense', async () => 'nonsense'],
    ['a foreign JWT', async () => 'eyJhbGciOiJub25lIn0.e30.'],
  ])('responds 204 without a body for %s', async (_, token) => {
    const response = await introspect(await token());

    expect(response.status).toBe(204);
    expect(response.headers.get('content-type')).toBeNull();
    expect(response.headers.get('cache-control')).toBeNull();
    expect(await response.text()).toBe('');
  });

  it('responds 204 from the second in which a token expires', async () => {
    const nowMs = Date.now();
    const clock = jest.spyOn(authorizationServerClock, 'now').mockReturnValue(nowMs);
    const token = await tokenOf('brief', 'read');
    const first = await introspect(token);
    clock.mockReturnValue(nowMs + 1000);
    const second = await introspect(token);
    clock.mockReturnValue(nowMs + 2000);
    const third = await introspect(token);

    expect([first.status, second.status, third.status]).toEqual([200, 200, 204]);
    expect(first.headers.get('cache-control')).toBe('max-age=2');
    expect(second.headers.get('cache-control')).toBe('max-age=1');
  });

  it.each(['application/json', '*/*', 'application/jwt, application/json'])(
    'responds with JSON to Accept: %s',
    async (accept) => {
      const active = await introspect(await tokenOf('shop', 'read'), accept);
      const inactive = await introspect('nonsense', accept);

      expect(active.headers.get('cache-control')).toBe('no-store');
      expect(await active.json()).toMatchObject({
        active: true,
        aud: 'api.local',
        client_id: 'shop',
        scope: 'read',
      });
      expect(await inactive.json()).toEqual({ active: false });
    },
  );

  it.each([
    ['a wrong secret', (): ClientCredentials => ({ ...server.gateway, clientSecret: 'guess' })],
    ['an unknown client', (): ClientCredentials => ({ clientId: 'unknown', clientSecret: 'x' })],
  ])('responds 401 without token data to %s', async (_, client) => {
    const response = await introspect(await tokenOf('shop'), 'application/jwt', client());

    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('rejects a secret in the form for a client registered for client_secret_basic', async () => {
    const { clientId, clientSecret } = server.gateway;
    const form = { client_id: clientId, client_secret: clientSecret, token: 'nonsense' };

    const { status, body } = await postForm(server.introspectionEndpoint, { form });

    expect(status).toBe(401);
    expect(body).toContain('"error":"invalid_client"');
  });

  it('responds 400 to an introspection request without a token', async () => {
    const response = await post(
      server.introspectionEndpoint,
      server.gateway,
      {},
      {
        Accept: 'application/jwt',
      },
    );

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('responds 204 to an application that introspects its own token', async () => {
    const token = await tokenOf('shop');

    const response = await introspect(token, 'application/jwt', server.clients.shop);

    expect(response.status).toBe(204);
  });

  it('counts introspection requests, rejected ones included', async () => {
    const before = server.introspections();

    await introspect('nonsense');
    await introspect('nonsense', 'application/jwt', { ...server.gateway, clientSecret: 'guess' });
    await tokenOf('shop');

    expect(server.introspections()).toBe(before + 2);
  });

  it('refuses connections while stopped and keeps its tokens', async () => {
    const token = await tokenOf('shop');

    await server.stop();
    await expect(introspect(token)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await server.start();

    expect((await introspect(token)).status).toBe(200);
  });

  it('after a rotation only the new secret of the gateway can introspect', async () => {
    const accessToken = await tokenOf('shop', 'read');
    const renewed = await server.rotateGatewaySecret();

    expect((await introspect(accessToken)).status).toBe(401);
    expect((await introspect(accessToken, 'application/jwt', renewed)).status).toBe(200);
  });

  it('an authorization server prints nothing, and its process exits after close', async () => {
    const authority = await createCertificateAuthority();
    const https = JSON.stringify({ tls: await authority.server(['127.0.0.1']) });
    const args = ['-e', LIFE_OF_SERVERS, https];
    const options = { cwd: join(__dirname, '../../..'), timeout: 60_000 };
    const { stdout, stderr } = await run(process.execPath, args, options);

    expect([stdout, stderr]).toEqual(['', '']);
  });
});

/** Program that uses one server and closes it, and another one that serves https. */
const LIFE_OF_SERVERS = `
  const { start } = require('./dist/test/authorization-server');
  (async () => {
    const servers = [await start(), await start(process.argv[1])];
    const { tokenEndpoint, introspectionEndpoint, clients, gateway } = servers[0];
    const post = async (url, { clientId, clientSecret }, form) => {
      const headers = { authorization: 'Basic ' + btoa(clientId + ':' + clientSecret) };
      const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
      if (response.status !== 200) throw new Error(await response.text());
      return response.json();
    };
    const form = { grant_type: 'client_credentials' };
    const { access_token: token } = await post(tokenEndpoint, clients.shop, form);
    await post(introspectionEndpoint, gateway, { token });
    await servers[0].stop();
    await servers[0].start();
    for (const server of servers) await server.close();
  })();
`;

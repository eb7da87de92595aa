import { createRemoteJWKSet, decodeJwt, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import {
  startTestAuthorizationServer,
  type TestAuthorizationServer,
  type TestAuthorizationServerOptions,
} from '../support/authorization-server';
import { createCertificateAuthority } from '../support/certificates';
import { type ServedConfig, serveConfig } from '../support/served-config';
import { type StubServer, startStubServer } from '../support/stub-server';

/** Cleanup functions of what the test started. */
const started: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of started.splice(0).reverse()) await end();
});

interface Setup {
  readonly server: TestAuthorizationServerOptions;
  readonly introspection?: object;
  readonly token?: object;
  readonly caBundle?: string;
  /** Members of the secret in addition to the client id. */
  readonly secret?: object;
}

interface World {
  readonly authorizationServer: TestAuthorizationServer;
  readonly upstream: StubServer;
  readonly local: ServedConfig;
  call(accessToken: string): Promise<Response>;
}

async function start({ server, introspection, token, caBundle, secret }: Setup): Promise<World> {
  const authorizationServer = await startTestAuthorizationServer({
    ...server,
    audience: 'orders-api',
  });
  started.push(() => authorizationServer.close());
  const upstream = await startStubServer('/', (response) => {
    response.end();
  });
  started.push(upstream.close);
  const { issuer, introspectionEndpoint, jwksUri, gateway } = authorizationServer;
  const { clientId, clientSecret } = gateway;
  const whole = { client_id: clientId, ...(secret ?? { client_secret: clientSecret }) };
  const local = await serveConfig({
    secret: whole,
    files: caBundle ? { 'ca.pem': caBundle } : {},
    config: {
      introspection: {
        endpoint: introspectionEndpoint,
        ...introspection,
        ...(caBundle && { caBundle: 'ca.pem' }),
      },
      token: { issuer, audience: 'orders-api', jwksUri, ...token },
      cache: { authorizerResultTtlSeconds: 0, cacheControl: 'ignore' },
      api: { upstream: upstream.url.origin, scopes: ['read'] },
    },
  });
  started.push(local.close);
  return {
    authorizationServer,
    upstream,
    local,
    call: (accessToken) =>
      fetch(new URL('/orders/1', local.url), {
        headers: { authorization: `Bearer ${accessToken}` },
      }),
  };
}

/** Checks the whole flow: denied, swapped, cached, forbidden. */
async function expectEverythingToWork({ authorizationServer, upstream, call }: World) {
  expect((await call('nonsense')).status).toBe(401);
  const accessToken = await authorizationServer.accessToken('shop', 'read');
  const before = authorizationServer.introspections();
  expect((await call(accessToken)).status).toBe(200);
  expect((await call(accessToken)).status).toBe(200);
  expect(authorizationServer.introspections()).toBe(before + 1);

  expect(upstream.requests).toHaveLength(2);
  const [, jwt = ''] = upstream.requests[0]?.headers.authorization?.split(' ') ?? [];
  // The authorizer verified its signature, since the config has a jwksUri.
  expect(decodeJwt(jwt)).toMatchObject({ client_id: 'shop', scope: 'read', aud: 'orders-api' });

  expect((await call(await authorizationServer.accessToken('shop'))).status).toBe(403);
  expect(upstream.requests).toHaveLength(2);
}

test('works with a server like Curity: JWT response, client_secret_post', async () => {
  const world = await start({
    server: { introspectionClient: { method: 'client_secret_post' } },
    introspection: { clientAuthentication: 'client_secret_post' },
  });

  await expectEverythingToWork(world);
});

test('works with a server like Keycloak: JSON member that requires Accept: application/jwt, private_key_jwt', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256', use: 'sig' };
  const world = await start({
    server: {
      introspectionClient: { method: 'private_key_jwt', jwks: { keys: [jwk] } },
      format: { member: 'jwt', accept: 'application/jwt' },
    },
    introspection: {
      response: { member: 'jwt' },
      accept: 'application/jwt',
      clientAuthentication: { method: 'private_key_jwt', algorithm: 'ES256' },
    },
    secret: { private_key: { ...(await exportJWK(privateKey)), kid: 'key-1' } },
  });

  await expectEverythingToWork(world);
});

test('works with a server like WSO2: JSON member that requires a form parameter, client_secret_basic', async () => {
  const world = await start({
    server: { format: { member: 'token_string', parameter: 'required_claims' } },
    introspection: {
      response: { member: 'token_string' },
      parameters: { required_claims: '' },
    },
  });

  await expectEverythingToWork(world);
});

const MINT = { issuer: 'https://api.example.com', audience: 'orders-api' };

/** Checks that the upstream can verify what it received, with the keys that the gateway publishes. */
async function expectMintedToken({ upstream, local }: World) {
  const [, jwt = ''] = upstream.requests[0]?.headers.authorization?.split(' ') ?? [];
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', local.url));
  const { payload } = await jwtVerify(jwt, keys, { ...MINT, typ: 'at+jwt' });
  expect(payload.sub).toBe('shop');
}

test('works with a server that responds with plain JSON: the gateway mints the tokens', async () => {
  const world = await start({
    server: { format: 'json' },
    introspection: { response: 'json' },
    token: { mint: MINT },
  });

  await expectEverythingToWork(world);
  await expectMintedToken(world);
});

test('works with a server that signs its responses (RFC 9701): the gateway verifies them and mints', async () => {
  const world = await start({
    server: { format: 'signed-introspection-response' },
    introspection: { response: 'signed' },
    token: { mint: MINT },
  });

  await expectEverythingToWork(world);
  await expectMintedToken(world);
});

test('works with a private certificate authority and mutual TLS', async () => {
  const authority = await createCertificateAuthority();
  const tls = { ...(await authority.server(['localhost'])), clientCa: authority.cert };
  const client = await authority.client('CN=api-gateway');
  const world = await start({
    server: {
      host: 'localhost',
      tls,
      ca: authority.cert,
      introspectionClient: { method: 'tls_client_auth', subjectDn: 'CN=api-gateway' },
    },
    introspection: { clientAuthentication: 'tls_client_auth' },
    caBundle: authority.cert,
    secret: { certificate: client.cert, private_key: client.key },
  });

  await expectEverythingToWork(world);
});

test('responds 503 to a signed introspection response and does not call the upstream', async () => {
  const { authorizationServer, call, upstream, local } = await start({
    server: { format: 'signed-introspection-response' },
  });

  const { status } = await call(await authorizationServer.accessToken('shop', 'read'));

  expect(status).toBe(503);
  expect(upstream.requests).toHaveLength(0);
  expect(local.log()).toContain(' 503 introspection_response_invalid ');
});

test('responds 503 for a server certificate of an untrusted authority and logs advice', async () => {
  const authority = await createCertificateAuthority();
  const other = await createCertificateAuthority();
  const { authorizationServer, call, local } = await start({
    server: {
      host: 'localhost',
      tls: await authority.server(['localhost']),
      ca: authority.cert,
    },
    caBundle: other.cert,
  });

  const { status } = await call(await authorizationServer.accessToken('shop', 'read'));

  expect(status).toBe(503);
  expect(authorizationServer.introspections()).toBe(0);
  expect(local.log()).toContain(' 503 introspection_unreachable ');
  expect(local.log()).toContain('introspection.caBundle');
});

import { writeFileSync } from 'node:fs';
import type { CheckName, Status } from '../../doctor/check';
import type { TestAuthorizationServer } from '../support/authorization-server';
import { startTestAuthorizationServer } from '../support/authorization-server';
import { createCertificateAuthority } from '../support/certificates';
import { configDirectory, diagnosis, type Sections, secretOf, textOf } from '../support/doctor';
import { type Answer, deserted, type StubServer, startStubServer } from '../support/stub-server';
import { jws } from '../support/tokens';

const KEYCLOAK = '/realms/shop/protocol/openid-connect/token/introspect';
const SECRET = 'a-client-secret-of-32-characters!';

let server: TestAuthorizationServer;
let upstream: StubServer;
/** Introspection endpoint with the response that a test wants. */
let stub: StubServer;
let nowhere: URL;
const tls = new Map<'valid' | 'expired' | 'other name', StubServer>();
const files = configDirectory();
const caFile = files.path('ca.pem');

beforeAll(async () => {
  const authority = await createCertificateAuthority();
  const startTls = async (kind: 'valid' | 'expired' | 'other name', names: string[]) => {
    const options = await authority.server(names, { expired: kind === 'expired' });
    tls.set(kind, await startStubServer('/', json({}), options));
  };
  server = await startTestAuthorizationServer();
  upstream = await startStubServer('/', (response) => void response.writeHead(401).end());
  stub = await startStubServer('/introspect', json({ active: false }));
  nowhere = await deserted();
  await startTls('valid', ['127.0.0.1']);
  await startTls('expired', ['127.0.0.1']);
  await startTls('other name', ['login.example.com']);
  writeFileSync(caFile, authority.cert);
});

afterAll(() => Promise.all([server, upstream, stub, ...tls.values()].map((it) => it.close())));

/** Responds with JSON to introspections, and with 404 to other requests. */
function json(body: object, headers: object = {}): Answer {
  return (response, { method }) => {
    if (method !== 'POST') return void response.writeHead(404).end();
    const all = { 'content-type': 'application/json', ...headers };
    response.writeHead(200, all).end(JSON.stringify(body));
  };
}

/** Returns the sections of a config that is right for the embedded authorization server. */
function right(): Sections {
  return {
    introspection: { endpoint: server.introspectionEndpoint, timeoutSeconds: 8 },
    token: { issuer: server.issuer, audience: 'api.local', jwksUri: server.jwksUri },
    api: { upstream: upstream.url.href, scopes: ['read'] },
  };
}

/** Returns the sections of a config for the stub. */
function stubbed(introspection: object = {}, path = '/introspect'): Sections {
  const endpoint = new URL(path, stub.url).href;
  return { introspection: { endpoint, ...introspection }, api: { upstream: upstream.url.href } };
}

interface Mistake {
  readonly config: Sections | object;
  readonly secret?: string;
  readonly accessToken?: string;
}

test('a correct config has no fault and no warning', async () => {
  const accessToken = await server.accessToken('shop', 'read');
  const { checks, find } = await diagnosis(files.write(right()), {
    secret: secretOf(server.gateway),
    accessToken,
  });

  expect(checks.map(({ name, status }) => [name, status])).toEqual([
    ['config', 'info'],
    ['credentials', 'ok'],
    ['network', 'ok'],
    ['clock', 'ok'],
    ['discovery', 'ok'],
    ['introspection', 'ok'],
    ['keys', 'ok'],
    ['upstream', 'ok'],
    ['token', 'ok'],
  ]);
  expect(find('token')?.message).toMatch(/every protected route \(2\).*of at most 8192 bytes/s);
});

test('plain JSON is correct where the authorizer mints', async () => {
  const exp = Math.floor(Date.now() / 1000) + 600;
  stub.answer((response, request) => {
    const active = request.body.includes('token=opaque');
    const members = { active, sub: 'alice', token_type: 'Bearer', exp };
    return json(active ? members : { active })(response, request);
  });
  const mint = { issuer: 'https://api.example.com', audience: 'orders' };
  const config = { ...stubbed({ response: 'json' }), token: { mint } };
  const { find } = await diagnosis(files.write(config), {
    secret: secretOf(server.gateway),
    accessToken: 'opaque',
  });

  expect(find('introspection')?.status).toBe('ok');
  expect(find('token')).toMatchObject({ status: 'ok' });
});

const MISTAKES: readonly [
  title: string,
  name: CheckName,
  status: Status,
  expected: RegExp,
  make: () => Mistake | Promise<Mistake>,
][] = [
  [
    'a misspelled key',
    'config',
    'fault',
    /introspection\.endpont: is not a known key; did you mean introspection\.endpoint\?/,
    () => ({ config: { ...right(), introspection: { endpont: 'https://x.example' } } }),
  ],
  [
    'credentials that are not set',
    'credentials',
    'fault',
    /INTROSPECTION_CLIENT_ID/,
    () => ({ config: right(), secret: undefined }),
  ],
  [
    'a secret with the members of another method',
    'credentials',
    'fault',
    /the secret lacks client_secret\n.*introspection\.clientAuthentication/,
    () => ({ config: right(), secret: JSON.stringify({ client_id: 'a', private_key: 'b' }) }),
  ],
  [
    'a port on which nothing listens',
    'network',
    'fault',
    /introspection\.endpoint: .* ECONNREFUSED\n.*nothing listens/s,
    () => ({ config: { ...right(), introspection: { endpoint: `${nowhere.href}introspect` } } }),
  ],
  [
    'a host name that does not resolve',
    'network',
    'fault',
    /ENOTFOUND|EAI_AGAIN/,
    () => ({
      config: { ...right(), introspection: { endpoint: 'https://login.invalid/introspect' } },
    }),
  ],
  [
    'https: for a port without TLS',
    'network',
    'fault',
    /(EPROTO|WRONG_VERSION_NUMBER)\n.*does not use TLS.*introspection\.endpoint/s,
    () => {
      const endpoint = server.introspectionEndpoint.replace('http:', 'https:');
      return { config: { ...right(), introspection: { endpoint } } };
    },
  ],
  [
    'a certificate of a private authority',
    'network',
    'fault',
    /introspection\.caBundle/,
    () => ({ config: { ...right(), introspection: { endpoint: tls.get('valid')?.url.href } } }),
  ],
  [
    'a certificate for another host name',
    'network',
    'fault',
    /ERR_TLS_CERT_ALTNAME_INVALID\n.*host name in introspection\.endpoint/s,
    () => {
      const endpoint = tls.get('other name')?.url.href;
      return { config: { ...right(), introspection: { endpoint, caBundle: caFile } } };
    },
  ],
  [
    'an expired certificate',
    'network',
    'fault',
    /CERT_HAS_EXPIRED\n.*has expired/s,
    () => {
      const endpoint = tls.get('expired')?.url.href;
      return { config: { ...right(), introspection: { endpoint, caBundle: caFile } } };
    },
  ],
  [
    'a clock that is an hour ahead',
    'clock',
    'fault',
    /(3599|3600|3601) s ahead.*\n.*NTP/,
    () => {
      const date = new Date(Date.now() + 3_600_000).toUTCString();
      stub.answer(json({ active: false }, { date }));
      return { config: stubbed({ response: { member: 'jwt' } }) };
    },
  ],
  [
    'an issuer with a slash too many',
    'discovery',
    'fault',
    /got "(http:\S+)\/", expected "\1" \(only one of them ends with a slash\).*Set token\.issuer to "\1"/s,
    () => ({ config: { ...right(), token: { issuer: `${server.issuer}/` } } }),
  ],
  [
    'an issuer with another host name',
    'discovery',
    'fault',
    /got "http:\/\/localhost:\d+", expected "http:\/\/127\.0\.0\.1:\d+"/,
    () => {
      const issuer = server.issuer.replace('127.0.0.1', 'localhost');
      return { config: { ...right(), token: { issuer } } };
    },
  ],
  [
    'an introspection endpoint with another path',
    'introspection',
    'fault',
    /responded 404\nSet introspection\.endpoint to "http:\S+\/token\/introspection"/,
    () => {
      const endpoint = `${server.issuer}/introspect`;
      return { config: { ...right(), introspection: { endpoint } } };
    },
  ],
  [
    'a wrong client secret',
    'introspection',
    'fault',
    /introspection_rejected_client: .* 401 invalid_client\nCheck client_id and the secret/,
    () => ({ config: right(), secret: secretOf({ clientId: 'gateway', clientSecret: SECRET }) }),
  ],
  [
    'a method of client authentication that the server does not take',
    'introspection',
    'fault',
    /The server takes "client_secret_basic".*: set introspection\.clientAuthentication/,
    () => {
      const endpoint = server.introspectionEndpoint;
      const introspection = { endpoint, clientAuthentication: 'client_secret_post' };
      return { config: { ...right(), introspection } };
    },
  ],
  [
    'a web page instead of an introspection endpoint',
    'introspection',
    'fault',
    /text\/html.*\nThe response is a web page/,
    () => {
      stub.answer((response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
      });
      return { config: stubbed() };
    },
  ],
  [
    'an endpoint that redirects',
    'introspection',
    'fault',
    /responded 302\nThe server redirects to https:\/\/login\.example\.com\/sign-in, which/,
    () => {
      const location = 'https://login.example.com/sign-in?state=secret';
      stub.answer((response) => void response.writeHead(302, { location }).end());
      return { config: stubbed() };
    },
  ],
  [
    'JSON where the JWT itself is configured, at Keycloak',
    'introspection',
    'fault',
    /\{ "member": "jwt" \} and introspection\.accept to "application\/jwt"/,
    () => {
      stub.answer(json({ active: false }));
      return { config: stubbed({}, KEYCLOAK) };
    },
  ],
  [
    'Keycloak without its Accept header',
    'introspection',
    'fault',
    /Set introspection\.accept to "application\/jwt"/,
    () => {
      stub.answer(json({ active: false }));
      return { config: stubbed({ response: { member: 'jwt' } }, KEYCLOAK) };
    },
  ],
  [
    'a JWT in another member than the configured one',
    'token',
    'fault',
    /introspection\.response to \{ "member": "phantom_token" \}/,
    () => {
      stub.answer(json({ active: true, phantom_token: jws({ sub: 'alice' }) }));
      return { config: stubbed({ response: { member: 'jwt' } }), accessToken: 'opaque' };
    },
  ],
  [
    'a server that forbids caching',
    'token',
    'warn',
    /cache\.cacheControl to "ignore"/,
    () => {
      const jwt = jws({ sub: 'alice', exp: Math.floor(Date.now() / 1000) + 600 });
      stub.answer(json({ active: true, jwt }, { 'cache-control': 'no-store' }));
      return { config: stubbed({ response: { member: 'jwt' } }), accessToken: 'opaque' };
    },
  ],
  [
    'a JWT that is too large for API Gateway',
    'token',
    'fault',
    /phantom_token_too_large: the authorizer result is \d+ bytes, at most 8192/,
    () => {
      stub.answer(json({ active: true, jwt: jws({ sub: 'alice', roles: 'x'.repeat(9000) }) }));
      return { config: stubbed({ response: { member: 'jwt' } }), accessToken: 'opaque' };
    },
  ],
  [
    'a key set at another path',
    'keys',
    'fault',
    /responds 404\nSet token\.jwksUri to "http:\S+\/jwks"/,
    () => {
      const token = { issuer: server.issuer, jwksUri: `${server.issuer}/keys` };
      return { config: { ...right(), token } };
    },
  ],
  [
    'an upstream on whose port nothing listens',
    'upstream',
    'fault',
    /api\.upstream: .* ECONNREFUSED\n/,
    () => ({ config: { ...right(), api: { upstream: nowhere.href } } }),
  ],
  [
    'an upstream with a certificate that API Gateway does not accept',
    'upstream',
    'fault',
    /certificate of a public CA/,
    () => ({ config: { ...right(), api: { upstream: tls.get('valid')?.url.href } } }),
  ],
  [
    'an audience that tokens do not have',
    'token',
    'fault',
    /audience_mismatch: got api\.local, expected api\.example\.com\nSet token\.audience/,
    async () => {
      const token = { issuer: server.issuer, audience: 'api.example.com' };
      return { config: { ...right(), token }, accessToken: await server.accessToken('shop') };
    },
  ],
  [
    'a scope that tokens do not have',
    'token',
    'fault',
    /insufficient_scope: got read, expected write.*POST \/orders needs write/s,
    async () => {
      const routes = [{ method: 'POST', path: '/orders', scopes: ['write'] }];
      const config = { ...right(), api: { upstream: upstream.url.href, routes } };
      return { config, accessToken: await server.accessToken('shop', 'read') };
    },
  ],
  [
    'a server that does not respond',
    'introspection',
    'fault',
    /introspection_timed_out: .* did not respond within 0\.2 s/,
    () => {
      // Other requests are for metadata, which is not what does not respond.
      stub.answer((response, { method }) => {
        if (method !== 'POST') response.writeHead(404).end();
      });
      return { config: stubbed({ timeoutSeconds: 0.2 }) };
    },
  ],
  [
    'a file with more than a token',
    'token',
    'fault',
    /credential_malformed.*\nThe file must contain one access token/,
    () => ({ config: right(), accessToken: '{"access_token":"opaque"}' }),
  ],
  [
    'a key set that did not sign the JWT',
    'token',
    'fault',
    /signature_keys_unavailable: .* has no key that could verify the JWT\n.*token\.jwksUri/,
    () => {
      const jwt = jws({ sub: 'alice' }, { alg: 'RS256', kid: 'unknown' });
      stub.answer(json({ active: true, jwt }));
      const token = { jwksUri: server.jwksUri };
      const config = { ...stubbed({ response: { member: 'jwt' } }), token };
      return { config, accessToken: 'opaque' };
    },
  ],
  [
    'plain JSON where the JWT itself is configured',
    'introspection',
    'fault',
    /set it to "json" and configure token\.mint/,
    () => {
      stub.answer(json({ active: false }));
      return { config: stubbed() };
    },
  ],
  [
    'a response without token_type where the authorizer mints',
    'token',
    'fault',
    /token_not_access_token/,
    () => {
      stub.answer(json({ active: true, sub: 'alice' }));
      const mint = { issuer: 'https://api.example.com', audience: 'orders' };
      const config = { ...stubbed({ response: 'json' }), token: { mint } };
      return { config, accessToken: 'opaque' };
    },
  ],
  [
    'a token of another server',
    'token',
    'fault',
    /token_inactive\n.*same realm or tenant/,
    () => ({ config: right(), accessToken: 'a-token-of-another-server' }),
  ],
];

test.each(MISTAKES)('doctor names %s', async (_title, name, status, expected, make) => {
  const { config, accessToken, ...given } = await make();
  const defaultSecret = secretOf(server.gateway);
  const secret = 'secret' in given ? given.secret : defaultSecret;
  const { find, text } = await diagnosis(files.write(config), { secret, accessToken });

  expect(find(name)?.status).toBe(status);
  expect(textOf(find(name))).toMatch(expected);
  for (const confidential of [
    server.gateway.clientSecret,
    SECRET,
    accessToken ?? SECRET,
    'alice',
  ]) {
    expect(text).not.toContain(confidential);
  }
  expect(text).not.toContain('eyJ');
});

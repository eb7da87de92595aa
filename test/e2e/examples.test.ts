import { hash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postForm } from '../../local/authorization-server/post-form';
import { CLI_CONTEXT } from '../../local/stack/cdk-app';
import { deployStack } from '../../local/stack/local-stack';
import { synthesizedStack } from '../../local/stack/synthesize';
import { type Certificate, createCertificateAuthority } from '../support/certificates';
import { createProofKey, proofBy } from '../support/dpop';
import { evaluateApp } from '../support/evaluated-app';
import { introspectFrom } from '../support/introspect-from';
import { runLocal } from '../support/local-command';
import { ROOT } from '../support/root';
import { type StubServer, startStubServer } from '../support/stub-server';
import { WITHOUT_REPORTS } from '../support/synthesize';
import { AUDIENCE, createTokenSigner, ISSUER } from '../support/tokens';

type Sign = Awaited<ReturnType<typeof createTokenSigner>>;
type Context = Readonly<Record<string, string>>;

/** Feature flags of the project. */
const { context: FLAGS } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));

let sign: Sign;
let authorizationServer: StubServer;
let upstream: StubServer;
let assemblies: string;
const phantomTokens = new Map<string, string>();

beforeAll(async () => {
  assemblies = mkdtempSync(join(tmpdir(), 'examples-'));
  sign = await createTokenSigner();
  const exp = Math.floor(Date.now() / 1000) + 600;
  for (const scope of ['read', 'read write', 'reports']) {
    phantomTokens.set(scope.replace(' ', '-'), await sign({ scope, exp }));
  }
  const audiences = {
    'for-orders': [AUDIENCE],
    'for-reports': ['reports.example.com'],
    'for-both': [AUDIENCE, 'reports.example.com'],
  };
  for (const [name, aud] of Object.entries(audiences)) {
    phantomTokens.set(name, await sign({ scope: 'read reports', aud, exp }));
  }
  authorizationServer = await startStubServer('/introspect', introspectFrom(phantomTokens));
  upstream = await startStubServer('/', (response) => {
    response.end('upstream');
  });
});
afterAll(async () => {
  rmSync(assemblies, { recursive: true });
  await Promise.all([authorizationServer.close(), upstream.close()]);
});

const contextOf = (more: Context = {}): Context => ({
  introspectionEndpoint: authorizationServer.url.href,
  issuer: ISSUER,
  audience: AUDIENCE,
  upstream: upstream.url.origin,
  ...more,
});

/** Returns functions that call the first API, or the one of a name, and return its response or its status. */
function callsOf(first: URL, apis: ReadonlyMap<string, URL> = new Map()) {
  const call = (path: string, accessToken?: string, method = 'GET', api?: string) =>
    fetch(new URL(path, api ? apis.get(api) : first), {
      method,
      headers: accessToken ? { authorization: `Bearer ${accessToken}` } : {},
    });
  const status = async (...request: Parameters<typeof call>) => (await call(...request)).status;
  return { call, status };
}

/** Returns a header of the last request that reached the upstream. */
const upstreamSaw = (header: string) => upstream.requests.at(-1)?.headers[header];

/** Synthesizes an example in this process, which is seconds faster than in a process of its own. */
function assemblyOf(name: string, context?: Context) {
  const all = { ...CLI_CONTEXT, ...FLAGS, ...WITHOUT_REPORTS, ...contextOf(context) };
  return evaluateApp(join('examples', `${name}.ts`), all, assemblies).assembly;
}

/** Serves an example while it is used, in this process. */
async function withExample(
  name: string,
  use: (example: ReturnType<typeof callsOf>) => Promise<void>,
  context?: Context,
): Promise<void> {
  const stack = await deployStack(
    {
      ...synthesizedStack(assemblyOf(name, context)),
      appDirectory: ROOT,
      remove: async () => undefined,
    },
    {
      secretValue: JSON.stringify({ client_id: 'gateway', client_secret: 'secret' }),
      log: () => undefined,
    },
  );
  try {
    const apis = stack.apis.map(({ name, url }) => [name.replace(/\w{8}$/, ''), url] as const);
    await use(callsOf(stack.url, new Map(apis)));
  } finally {
    await stack.close();
  }
}

test('example existing-rest-api: routes require read, DELETE requires write, /health is public', () =>
  withExample('existing-rest-api', async ({ call, status }) => {
    const refused = await call('/orders/1');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="api", scope="read"');
    expect(await status('/orders/1', 'read')).toBe(200);
    expect(upstreamSaw('authorization')).toBe(`Bearer ${phantomTokens.get('read')}`);
    expect(upstream.requests.at(-1)?.path).toBe('/orders/1');
    expect(await status('/orders/1', 'read', 'DELETE')).toBe(403);
    expect(await status('/orders/1', 'read-write', 'DELETE')).toBe(200);
    expect(await status('/orders/1', 'reports')).toBe(403);
    expect(await status('/health')).toBe(200);
  }));

test('example existing-http-api: routes are protected, the phantom token is in its own header', () =>
  withExample('existing-http-api', async ({ status }) => {
    expect(await status('/orders/1')).toBe(401);
    expect(await status('/orders/1', 'read')).toBe(200);
    expect(upstreamSaw('x-phantom-token')).toBe(phantomTokens.get('read'));
    expect(await status('/orders/1', 'read', 'DELETE')).toBe(403);
    expect(await status('/orders/1', 'read-write', 'DELETE')).toBe(200);
    expect(await status('/health')).toBe(200);
    expect(upstreamSaw('x-phantom-token')).toBeUndefined();
  }));

test.each(['private-upstream', 'upstream-mutual-tls'])(
  'example %s: the upstream gets requests with the phantom token',
  (name) =>
    withExample(name, async ({ status }) => {
      expect(await status('/any/path')).toBe(401);
      expect(await status('/any/path', 'read')).toBe(200);
      expect(upstreamSaw('authorization')).toBe(`Bearer ${phantomTokens.get('read')}`);
      expect(upstream.requests.at(-1)?.path).toBe('/any/path');
    }),
);

test('example existing-lambda-rest-api: methods of the constructor require read', () =>
  withExample('existing-lambda-rest-api', async ({ call, status }) => {
    expect(await status('/')).toBe(401);
    expect(await status('/orders/1', 'reports')).toBe(403);
    const response = await call('/orders/1', 'read');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ sub: 'alice', scope: 'read' });
  }));

test('example several-apis: one function applies the rules of each API', () =>
  withExample('several-apis', async ({ status }) => {
    for (const [api, good, bad] of [
      ['Orders', 'read', 'reports'],
      ['Reports', 'reports', 'read'],
    ] as const) {
      expect(await status('/x', undefined, 'GET', api)).toBe(401);
      expect(await status('/x', good, 'GET', api)).toBe(200);
      expect(await status('/x', bad, 'GET', api)).toBe(403);
    }
  }));

test('example several-apis: a token for the audience of one API is 401 at the other, cached or not', () =>
  withExample(
    'several-apis',
    async ({ status }) => {
      for (let repetition = 0; repetition < 2; repetition += 1) {
        expect(await status('/x', 'for-orders', 'GET', 'Orders')).toBe(200);
        expect(await status('/x', 'for-orders', 'GET', 'Reports')).toBe(401);
        expect(await status('/x', 'for-reports', 'GET', 'Orders')).toBe(401);
        expect(await status('/x', 'for-reports', 'GET', 'Reports')).toBe(200);
        expect(await status('/x', 'for-both', 'GET', 'Orders')).toBe(200);
        expect(await status('/x', 'for-both', 'GET', 'Reports')).toBe(200);
      }
    },
    { reportsAudience: 'reports.example.com' },
  ));

test('example lambda-upstream: the function reads the phantom token from the context', () =>
  withExample('lambda-upstream', async ({ call, status }) => {
    expect(await status('/orders/1')).toBe(401);
    const response = await call('/orders/1', 'read');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ sub: 'alice', iss: ISSUER, scope: 'read' });
  }));

/** Returns the thumbprint that a token is bound to. */
const thumbprintOf = ({ cert }: Certificate) =>
  hash('sha256', new X509Certificate(cert).raw, 'base64url');

test('example sender-constrained: a token needs the key or the client certificate that it is bound to', async () => {
  const [authority, stranger] = await Promise.all([
    createCertificateAuthority(),
    createCertificateAuthority(),
  ]);
  const [client, other, expired, foreign, server] = await Promise.all([
    authority.client('CN=client'),
    authority.client('CN=other'),
    authority.client('CN=expired', { expired: true }),
    stranger.client('CN=client'),
    authority.server(['127.0.0.1']),
  ]);
  const exp = Math.floor(Date.now() / 1000) + 600;
  const key = createProofKey();
  const cnf = { key: { jkt: key.thumbprint }, certificate: { 'x5t#S256': thumbprintOf(client) } };
  for (const [name, value] of Object.entries(cnf)) {
    phantomTokens.set(`bound-to-${name}`, await sign({ scope: 'read', cnf: value, exp }));
  }
  const files = mkdtempSync(join(tmpdir(), 'certificates-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(files, name), text);
    return join(files, name);
  };
  const options = [
    ...['--client-ca', file('ca.pem', authority.cert)],
    ...['--tls-cert', file('server.pem', server.cert)],
    ...['--tls-key', file('server-key.pem', server.key)],
  ];
  const proof = (url: string) =>
    proofBy(key, {
      ...{ accessToken: 'bound-to-key', htu: url, iat: Math.floor(Date.now() / 1000) },
      claims: { htm: 'POST' },
    });

  const assembly = JSON.stringify(assemblyOf('sender-constrained').directory);
  writeFileSync(
    join(files, 'app.cjs'),
    `const { cpSync, readFileSync } = require('node:fs');
     const context = JSON.parse(readFileSync(process.env.CONTEXT_OVERFLOW_LOCATION_ENV));
     if (context.audience !== '${AUDIENCE}') throw new Error('the context is missing');
     cpSync(${assembly}, process.env.CDK_OUTDIR, { recursive: true });`,
  );
  const command = runLocal(
    'main',
    ['--app', 'node app.cjs', '--context', `audience=${AUDIENCE}`, ...options],
    {
      ...{ INTROSPECTION_CLIENT_ID: 'gateway', INTROSPECTION_CLIENT_SECRET: 'secret' },
      INIT_CWD: files,
    },
  );
  try {
    const { status } = callsOf(await command.ready());
    const [, mutualTlsUrl] = /with client certificates (\S+)$/m.exec(command.stderr()) ?? [];
    const call = async (certificate: Certificate, headers: object) => {
      const tls = { ca: authority.cert, ...certificate };
      const url = `${mutualTlsUrl}/orders/1`;
      return (await postForm(url, { form: {}, headers: { ...headers }, tls })).status;
    };
    const bearer = { authorization: 'Bearer bound-to-certificate' };

    expect(await call(client, bearer)).toBe(200);
    expect(upstreamSaw('authorization')).toBe(
      `Bearer ${phantomTokens.get('bound-to-certificate')}`,
    );
    expect(await call(other, bearer)).toBe(401);
    expect(await status('/orders/1', 'bound-to-certificate')).toBe(401);
    for (const refused of [foreign, expired]) expect(await call(refused, bearer)).toBe(403);

    const dpop = {
      authorization: 'DPoP bound-to-key',
      dpop: proof('https://api.example.com/v1/orders/1'),
    };
    expect(await call(client, dpop)).toBe(200);
    expect(upstreamSaw('dpop')).toBe('removed');
    expect(await call(client, dpop)).toBe(401);
    expect(
      await call(client, { ...dpop, dpop: proof('https://api.example.com/v1/orders/2') }),
    ).toBe(401);
    expect(await status('/orders/1', 'read')).toBe(200);
  } finally {
    command.process.kill('SIGKILL');
    rmSync(files, { recursive: true });
  }
});

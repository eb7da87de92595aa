import { App } from 'aws-cdk-lib';
import { deployStack, type LocalStack } from '../../local/stack/local-stack';
import { synthesizedStack } from '../../local/stack/synthesize';
import { introspectFrom } from '../support/introspect-from';
import { addRealApps, SHAPES } from '../support/real-apps';
import { type StubServer, startStubServer } from '../support/stub-server';
import { createTokenSigner } from '../support/tokens';

/** Shapes of real CDK apps in local mode. One app has a stack for each, so that it is synthesized once. */

let authorizationServer: StubServer;
let upstream: StubServer;
let stack: LocalStack | undefined;
let assembly: ReturnType<App['synth']>;
let ids: ReadonlyMap<string, string>;
let jwt = '';
const log: string[] = [];

beforeAll(async () => {
  const sign = await createTokenSigner();
  const exp = Math.floor(Date.now() / 1000) + 600;
  const aud = ['orders-api'];
  jwt = await sign({ scope: 'read', exp, aud });
  const tokens = { reader: jwt, writer: await sign({ scope: 'write', exp, aud }) };
  authorizationServer = await startStubServer(
    '/introspect',
    introspectFrom(new Map(Object.entries(tokens))),
  );
  upstream = await startStubServer('/', (response, { headers }) => {
    response.end(
      headers.authorization === 'Bearer reader'
        ? `Bearer ${headers['x-phantom-token']}`
        : headers.authorization,
    );
  });
  const app = new App({
    context: { 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:disable-stack-trace': true },
    treeMetadata: false,
  });
  ids = addRealApps(app, {
    introspectionEndpoint: authorizationServer.url.href,
    upstream: upstream.url.origin,
  });
  assembly = app.synth();
});

afterEach(async () => {
  await stack?.close();
  stack = undefined;
  log.length = 0;
});
afterAll(() => Promise.all([authorizationServer.close(), upstream.close()]));

async function serve(title: string, options: { stage?: string } = {}): Promise<LocalStack> {
  stack = await deployStack(
    { ...synthesizedStack(assembly, ids.get(title)), remove: async () => {} },
    {
      secretValue: JSON.stringify({ client_id: 'gateway', client_secret: 'introspection secret' }),
      secrets: { 'partner-key': 'key of the partner' },
      log: (line) => log.push(line),
      ...options,
    },
  );
  return stack;
}

const call = (path: string, token?: string, method = 'GET') =>
  fetch(new URL(path, stack?.url), {
    method,
    headers: token ? { authorization: `Bearer ${token}` } : {},
  });

/** Further assertions about an app, by its title. */
const MORE: Readonly<Record<string, () => Promise<void>>> = {
  async 'resources that are not imitated'() {
    expect(log).toContainEqual(
      expect.stringMatching(
        /^not imitated, .*Bucket\w+ \(AWS::S3::Bucket\), Queue\w+ \(AWS::SQS::Queue\)/,
      ),
    );
  },
  async 'functions that cannot run locally'() {
    expect((await call('/python', 'reader')).status).toBe(502);
    expect(log).toContainEqual(
      expect.stringMatching(
        /Python\w+ \(AWS::Lambda::Function\): Runtime: must be a Node.js runtime/,
      ),
    );
  },
  async 'service integrations and other authorizers'() {
    expect((await call('/queue', 'reader', 'POST')).status).toBe(501);
    expect(log.join('\n')).toMatch(/an authorizer of type TOKEN is not supported in local mode/);
  },
  async 'an imported credentials secret and one of its own'() {
    const { headers } = await call('/orders', 'reader');
    // Neither has the introspection credentials.
    expect(headers.get('database')).toBe('database password');
    expect(headers.get('partner')).toBe('key of the partner');
  },
};

test.each([
  ...Object.keys(SHAPES),
  'an account and a region',
  'a stage of the CDK',
  'table and secret in another stack',
])('an app with %s gives 401, 403 and 200 with the phantom token', async (title) => {
  await serve(title);

  const statuses = [(await call('/orders')).status, (await call('/orders', 'unknown')).status];
  expect(statuses).toEqual([401, 401]);
  expect((await call('/orders', 'writer')).status).toBe(403);
  const response = await call('/orders', 'reader');
  expect([response.status, await response.text()]).toEqual([200, `Bearer ${jwt}`]);
  await MORE[title]?.();
});

test('a stage is selected by its name', async () => {
  const { apis } = await serve('several stages', { stage: 'beta' });

  expect(apis.map(({ stage: name }) => name)).toEqual(['beta']);
  expect((await call('/orders')).status).toBe(401);
});

import { createTokenCacheEntries } from '../../lambda/cache/token-cache-entries';
import { scopeRules } from '../../lambda/core/route';
import { systemClock } from '../../lambda/io/system-clock';
import { createPreparation } from '../../lambda/preparation';
import {
  bearer,
  type Deployment,
  invoke,
  SIGNING_SECRET_ARN,
  startDeployment,
} from '../support/deployment';
import { signingSecret } from '../support/minting';
import { captureOutput } from '../support/output';
import { type StubServer, startEmptyTable } from '../support/stub-server';
import { facts } from '../support/tokens';

let deployment: Deployment;
let table: StubServer;
let output: ReturnType<typeof captureOutput>;

beforeAll(async () => {
  deployment = await startDeployment();
  table = await startEmptyTable();
});
beforeEach(() => {
  output = captureOutput();
  deployment.rotateSecret();
  table.requests.length = 0;
  deployment.authorizationServer.requests.length = 0;
  deployment.secretsManager.requests.length = 0;
});
afterEach(() => {
  output.stop();
  expect(deployment.confidentialIn(output.text())).toEqual([]);
});
afterAll(() => Promise.all([deployment.close(), table.close()]));

/** Starts an environment whose token cache is the empty table. */
function start(changes: Record<string, string | undefined> = {}) {
  const endpoint = { AWS_ENDPOINT_URL_DYNAMODB: table.url.href };
  const { handler, prepare } = deployment.compose({ ...endpoint, ...changes });
  return { handle: handler, prepare };
}
const operations = () => table.requests.map(({ headers }) => headers['x-amz-target']);
const isAllowed = (result: unknown) => JSON.stringify(result).includes('"Effect":"Allow"');

it('the first lookup uses the connections that the preparation opened, and reads no secret', async () => {
  const { accessToken } = await deployment.issue();
  const { handle, prepare } = start();
  await prepare();
  const prepared = [operations(), deployment.secretsManager.requests.length];

  const result = await invoke(handle, bearer(accessToken));

  expect(isAllowed(result)).toBe(true);
  expect(prepared).toEqual([['DynamoDB_20120810.GetItem'], 1]);
  expect(table.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 1]);
  expect(deployment.secretsManager.requests).toHaveLength(1);
});

it('a preparation writes nothing, introspects nothing and logs one line, which counts the cold start', async () => {
  const { prepare } = start();

  await prepare();

  expect(operations()).toEqual(['DynamoDB_20120810.GetItem']);
  expect(deployment.authorizationServer.requests).toEqual([]);
  expect(output.lines()).toEqual([
    expect.objectContaining({ level: 'INFO', message: 'prepared', ColdStarts: 1 }),
  ]);
});

it('a preparation without the secret does not fail, and the first request reads the secret again', async () => {
  const { accessToken } = await deployment.issue();
  deployment.setSecret(undefined);
  const { handle, prepare } = start();

  await prepare();

  expect(output.lines()).toEqual([
    expect.objectContaining({
      level: 'WARN',
      message: 'not_prepared',
      reason: 'credentials_unavailable',
    }),
  ]);
  deployment.rotateSecret();
  expect(isAllowed(await invoke(handle, bearer(accessToken)))).toBe(true);
});

it('a preparation without the token cache does not fail, and the first request is introspected', async () => {
  const { accessToken } = await deployment.issue();
  const { handle, prepare } = start({ AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9/' });

  await prepare();

  expect(output.lines()).toEqual([expect.objectContaining({ message: 'not_prepared' })]);
  expect(isAllowed(await invoke(handle, bearer(accessToken)))).toBe(true);
  expect(deployment.authorizationServer.requests).toHaveLength(1);
});

it('a preparation with caching off does not connect to the token cache', async () => {
  const { prepare } = start({ CACHE_MAX_TTL_SECONDS: '0' });

  await prepare();

  expect(operations()).toEqual([]);
  expect(output.lines()).toEqual([expect.objectContaining({ message: 'prepared' })]);
});

it('a preparation reads the signing keys once, and they are not read again for the first request', async () => {
  const { accessToken } = await deployment.issue(
    {},
    { stated: { sub: 'alice', token_type: 'Bearer' } },
  );
  deployment.setSigningSecret(signingSecret());
  const mint = { response: 'json', issuer: 'https://api.example.com', audience: ['orders'] };
  const { handle, prepare } = start({
    INTROSPECTION_ENDPOINT: new URL('/plain', deployment.authorizationServer.url).href,
    INTROSPECTION_ACCEPT: 'application/json',
    TOKEN_ISSUER: undefined,
    TOKEN_AUDIENCE: undefined,
    TOKEN_UNTYPED: 'refuse',
    TOKEN_MINT: JSON.stringify({ ...mint, lifetimeSeconds: 420 }),
    SIGNING_KEYS_SECRET_ARN: SIGNING_SECRET_ARN,
  });
  await prepare();
  const read = () =>
    deployment.secretsManager.requests.filter(({ body }) => body.includes(SIGNING_SECRET_ARN));
  expect(read()).toHaveLength(1);

  await invoke(handle, bearer(accessToken));

  expect(read()).toHaveLength(1);
});

/** A preparation of systems that respond as given, by a clock that stands until one of its timers is fired. */
function prepareWith(systems: {
  get?: () => Promise<unknown>;
  secret?: () => Promise<unknown>;
  signingKeys?: () => Promise<void>;
}) {
  const { get = async () => ({}), signingKeys } = systems;
  const { secret = async () => ({ clientId: 'gateway', secret: 'x'.repeat(32) }) } = systems;
  const timers = new Map<number, () => void>();
  const reported: unknown[] = [];
  const parse = jest.fn(() => facts());
  const tokenCache = {
    ...{ table: { get }, identity: [], parse, credentials: { get: secret }, maxTtlSeconds: 60 },
    ...{ clock: systemClock, random: Math.random },
  };
  const prepare = createPreparation({
    config: {
      token: { audience: [], senderConstraint: 'refuse' },
      introspection: { response: {} },
      cache: { maxTtlSeconds: 60 },
      scopeRules: scopeRules('{"api":[[[[]],["*"]]]}'),
    },
    entries: createTokenCacheEntries(tokenCache as never),
    tokenCache,
    signingKeys,
    telemetry: {
      logPreparation: (error: unknown) => reported.push(error),
      during: (_: unknown, work: () => unknown) => work(),
    },
    clock: {
      after(ms: number, callback: () => void) {
        timers.set(ms, callback);
        return () => timers.delete(ms);
      },
    },
  } as never);
  const prepared = prepare();
  return {
    prepared,
    reported,
    /** Fires the timer of a duration. */
    fire: (ms: number) => timers.get(ms)?.(),
    /** Returns the durations of the timers that are neither cancelled nor fired. */
    timers: () => [...timers.keys()],
    /** Returns how often the made-up entry was read: when it is made, and by the decision. */
    entriesRead: () => parse.mock.calls.length,
  };
}
/** Returns a promise, and the function that resolves it. */
function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
const never = () => new Promise<never>(() => undefined);
/** Resolves when everything that waits for no timer and no system has run. */
const settle = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

it('a preparation ends after a second although no system responds', async () => {
  const preparation = prepareWith({ get: never, secret: never, signingKeys: never });
  expect(preparation.timers()).toEqual([200, 1000]);

  preparation.fire(200);
  await settle();
  expect(preparation.reported).toEqual([]);
  preparation.fire(1000);
  await preparation.prepared;

  expect(preparation.reported).toEqual([new Error('not prepared within 1000 ms')]);
});

it('a table that hangs delays a preparation by 200 ms, and the made-up decision is made', async () => {
  const preparation = prepareWith({ get: never });
  await settle();
  expect([preparation.reported, preparation.entriesRead()]).toEqual([[], 0]);

  preparation.fire(200);
  await preparation.prepared;

  expect(preparation.reported).toEqual([new Error('the table did not respond within 200 ms')]);
  expect(preparation.entriesRead()).toBe(2);
});

it('a table that fails does not end the wait for the secret and the signing keys', async () => {
  const unreachable = async () => {
    throw new Error('unreachable');
  };
  const secret = deferred<object>();
  const keys = deferred<void>();
  const preparation = prepareWith({
    get: unreachable,
    secret: () => secret.promise,
    signingKeys: () => keys.promise,
  });

  await settle();
  secret.resolve({ clientId: 'gateway', secret: 'x'.repeat(32) });
  await settle();
  expect(preparation.reported).toEqual([]);
  keys.resolve();
  await preparation.prepared;

  expect(preparation.reported).toEqual([new Error('unreachable')]);
  expect(preparation.entriesRead()).toBe(2);
});

it('a secret that cannot be read does not end the wait for the signing keys', async () => {
  const keys = deferred<void>();
  const preparation = prepareWith({
    secret: async () => {
      throw new Error('denied');
    },
    signingKeys: () => keys.promise,
  });

  await settle();
  expect(preparation.reported).toEqual([]);
  keys.resolve();
  await preparation.prepared;

  expect(preparation.reported).toEqual([new Error('denied')]);
  expect(preparation.entriesRead()).toBe(0);
});

it('signing keys that cannot be read do not stop the made-up decision', async () => {
  const preparation = prepareWith({
    signingKeys: async () => {
      throw new Error('no keys');
    },
  });
  await preparation.prepared;

  expect(preparation.reported).toEqual([new Error('no keys')]);
  expect(preparation.entriesRead()).toBe(2);
});

it('a preparation leaves no timer behind', async () => {
  const preparation = prepareWith({});
  await preparation.prepared;

  expect(preparation.reported).toEqual([undefined]);
  expect(preparation.timers()).toEqual([]);
});

import '../support/errors-of-node';
import type { prepare } from '../../lambda/handler';
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
import { type StubServer, startStubServer } from '../support/stub-server';

let deployment: Deployment;
let table: StubServer;
let output: ReturnType<typeof captureOutput>;

beforeAll(async () => {
  deployment = await startDeployment();
  // A table without items.
  table = await startStubServer('/', (response) => void response.end('{}'));
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
  for (const text of deployment.confidential) expect(output.text()).not.toContain(text);
});
afterAll(() => Promise.all([deployment.close(), table.close()]));

/** Starts an environment whose token cache is the empty table. */
function start(changes: Record<string, string | undefined> = {}) {
  const handle = deployment.start({ AWS_ENDPOINT_URL_DYNAMODB: table.url.href, ...changes });
  // The module that was loaded just now.
  const loaded = require('../../lambda/handler') as { prepare: typeof prepare };
  return { handle, prepare: loaded.prepare };
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

it('a preparation ends at its deadline although no system responds', async () => {
  const never = () => new Promise<never>(() => undefined);
  const reported: unknown[] = [];
  const delays: number[] = [];
  const prepareAt = createPreparation({
    config: { cache: { maxTtlSeconds: 60 } },
    tokenCache: { table: { get: never }, credentials: { get: never } },
    signingKeys: undefined,
    telemetry: { logPreparation: (error: unknown) => reported.push(error) },
    clock: {
      after(milliseconds: number, callback: () => void) {
        delays.push(milliseconds);
        callback();
        return () => undefined;
      },
    },
  } as never);

  await prepareAt();

  expect(delays).toEqual([2000]);
  expect(reported).toEqual([new Error('not prepared within 2000 ms')]);
});

import { setTimeout as sleep } from 'node:timers/promises';
import {
  bearer,
  type Deployment,
  type Handler,
  invoke,
  type RequestOptions,
  rulesOfApi,
  startDeployment,
} from '../support/deployment';
import { captureOutput } from '../support/output';
import { seededRandom } from '../support/seeded-random';
import { type StubServer, startEmptyTable } from '../support/stub-server';

/** Requests that Lambda Managed Instances send to one environment at once, for each processor. */
const CONCURRENT = 64;

let deployment: Deployment;
let table: StubServer;
let output: ReturnType<typeof captureOutput>;

beforeAll(async () => {
  deployment = await startDeployment();
  table = await startEmptyTable();
});
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());
afterAll(() => Promise.all([deployment.close(), table.close()]));

type Expected = 'allow' | 'deny' | 'Unauthorized' | 'fault';

/** Outcome of a request, and the principal that the result names. */
async function outcome(handle: Handler, options: RequestOptions): Promise<[Expected, unknown]> {
  try {
    const result = (await invoke(handle, options)) as {
      principalId: string;
      policyDocument: { Statement: { Effect: string }[] };
    };
    const isAllowed = result.policyDocument.Statement[0]?.Effect === 'Allow';
    return [isAllowed ? 'allow' : 'deny', result.principalId];
  } catch (error) {
    const { message } = error as Error;
    return [message === 'Unauthorized' ? 'Unauthorized' : 'fault', undefined];
  }
}

it('one environment decides 64 interleaved requests of different kinds each by its own facts', async () => {
  const random = seededRandom(64);
  deployment.holdIntrospections(() => sleep(random() * 20));
  const users = await Promise.all(
    Array.from({ length: CONCURRENT / 8 }, async (_, user) => ({
      sub: `user ${user}`,
      reader: await deployment.issue({ sub: `user ${user}`, scope: 'read' }),
      writer: await deployment.issue({ sub: `user ${user}`, scope: 'read write' }),
    })),
  );
  const handle = deployment.start({
    AWS_ENDPOINT_URL_DYNAMODB: table.url.href,
    SCOPE_RULES: rulesOfApi([[['read']], ['GET /orders']], [[['write']], ['POST /orders']]),
  });
  const requests = users.flatMap(
    ({ sub, reader, writer }): [RequestOptions, Expected, unknown][] => {
      const get = { method: 'GET', resource: '/orders' };
      const post = { method: 'POST', resource: '/orders' };
      return [
        [{ ...get, ...bearer(reader.accessToken) }, 'allow', sub],
        [{ ...post, ...bearer(reader.accessToken) }, 'deny', sub],
        [{ ...get, ...bearer(writer.accessToken) }, 'allow', sub],
        [{ ...post, ...bearer(writer.accessToken) }, 'allow', sub],
        [{ ...get, ...bearer(deployment.unknownToken()) }, 'Unauthorized', undefined],
        [{ ...get, authorization: 'Basic dTpw' }, 'Unauthorized', undefined],
        [{ ...get, resource: '/other', ...bearer(reader.accessToken) }, 'fault', undefined],
        [{ ...post, ...bearer(reader.accessToken) }, 'deny', sub],
      ];
    },
  );
  expect(requests).toHaveLength(CONCURRENT);
  const shuffled = requests
    .map((request) => ({ request, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ request }) => request);

  // Once for new tokens, and once from memory.
  for (const _ of [1, 2]) {
    const outcomes = await Promise.all(shuffled.map(([options]) => outcome(handle, options)));

    expect(outcomes).toEqual(shuffled.map(([, ...expected]) => expected));
  }
  // Each of three tokens of a user is introspected once, whoever asks.
  expect(deployment.authorizationServer.requests).toHaveLength((CONCURRENT / 8) * 3);
  expect(deployment.secretsManager.requests).toHaveLength(1);
});

it('only the first worker thread of an environment counts its cold start', async () => {
  const workerThreads = jest.requireActual('node:worker_threads');
  const counted = [];
  for (const threadId of [1, 2]) {
    const replaced = jest.replaceProperty(workerThreads, 'threadId', threadId);
    const handle = deployment.start({
      AWS_ENDPOINT_URL_DYNAMODB: table.url.href,
      AWS_LAMBDA_MAX_CONCURRENCY: String(CONCURRENT),
    });
    replaced.restore();
    output.clear();
    await invoke(handle, bearer(deployment.unknownToken())).catch(() => undefined);
    counted.push(output.lines().some((line) => 'ColdStarts' in line));
  }

  expect(counted).toEqual([true, false]);
});

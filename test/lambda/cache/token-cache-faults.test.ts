import {
  bearer,
  type Deployment,
  type Handler,
  invoke,
  startDeployment,
} from '../../support/deployment';
import { awsError, type Fault, slow, startFaultyTable } from '../../support/faulty-table';
import { inIdleTime } from '../../support/idle-time';
import { captureOutput } from '../../support/output';
import { until } from '../../support/until';

let deployment: Deployment;
let table: Awaited<ReturnType<typeof startFaultyTable>>;
let output: ReturnType<typeof captureOutput>;

beforeAll(async () => {
  deployment = await startDeployment();
  table = await startFaultyTable(deployment.tableUrl);
});
afterAll(async () => {
  await table.close();
  await deployment.close();
});
beforeEach(() => {
  output = captureOutput();
  table.failWith(() => 'forward');
  table.operations.splice(0);
});
afterEach(() => {
  deployment.holdIntrospections(async () => undefined);
  output.stop();
  expect(deployment.confidentialIn(output.text())).toEqual([]);
});

const start = (environment: Record<string, string> = {}) =>
  deployment.start({ AWS_ENDPOINT_URL_DYNAMODB: table.url, ...environment });
const introspections = () => deployment.authorizationServer.requests.length;
/** Returns the number of requests under way that are not sent to the table. */
const otherRequests = () =>
  deployment.authorizationServer.pending() + deployment.secretsManager.pending();
const warnings = () => output.lines().filter(({ message }) => message === 'token_cache_failed');
const faultsCounted = () =>
  output.lines().reduce((sum, line) => sum + Number(line['TokenCacheFaults'] ?? 0), 0);

const FAULTS: [string, Fault, RegExp][] = [
  ['denies access', awsError('AccessDeniedException'), /AccessDenied/],
  ['is missing', awsError('ResourceNotFoundException'), /ResourceNotFound/],
  ['throttles', awsError('ProvisionedThroughputExceededException'), /ThroughputExceeded/],
  ['throttles otherwise', awsError('ThrottlingException'), /Throttling/],
  ['fails', awsError('InternalServerError', 500), /InternalServerError/],
  [
    'breaks the connection',
    (_, response) => {
      response.destroy();
      return undefined;
    },
    /./,
  ],
  [
    'answers garbage',
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('<html>');
      return undefined;
    },
    /./,
  ],
];

describe.each(FAULTS)('a table that %s', (name, fault, cause) => {
  it(`a table that ${name} makes every request cost one introspection, and none fail`, async () => {
    table.failWith(fault);
    const handle = start();

    for (let i = 0; i < 6; i++) {
      const { accessToken } = await deployment.issue();
      const before = introspections();
      expect(await invoke(handle, bearer(accessToken))).toMatchObject({ principalId: 'alice' });
      expect(introspections() - before).toBe(1);
    }
    expect(warnings()).toMatchObject([{ level: 'WARN', cause: expect.stringMatching(cause) }]);
    expect(faultsCounted()).toBe(6);
    // The circuit opens after three failures, each of which the client may have repeated.
    expect(table.operations.length).toBeLessThanOrEqual(6);
  });
});

describe('a table that is slow', () => {
  it('a slow table delays no request beyond the bound', async () => {
    // The same as of the first operations: a busy machine may delay some of those.
    const handle = start({ CACHE_TIMEOUT_MILLISECONDS: '1000' });
    await invoke(handle, bearer((await deployment.issue()).accessToken));
    table.failWith(slow(2500));
    const before = table.answered();

    const { accessToken } = await deployment.issue();
    await inIdleTime(async () => {
      expect(await invoke(handle, bearer(accessToken))).toMatchObject({ principalId: 'alice' });
      expect(table.answered()).toBe(before);
      await until(() => table.pending() === 0);
    }, otherRequests);

    expect(table.operations.at(-1)).toBe('GetItem');
    expect(warnings()).toMatchObject([
      { operation: 'read', cause: expect.stringContaining('did not respond within 1000 ms') },
    ]);
  });

  it('a slow table is used again when it recovers', async () => {
    const { accessToken } = await deployment.issue();
    await invoke(start(), bearer(accessToken));
    table.failWith(awsError('ThrottlingException'));
    const handle = start();
    await invoke(handle, bearer((await deployment.issue()).accessToken));

    table.failWith(() => 'forward');
    const before = introspections();
    await invoke(handle, bearer(accessToken));
    expect(introspections() - before).toBe(0);
  });
});

describe('a fresh token that many environments miss at once', () => {
  /** Returns the results of all requests. The authorization server responds when every request has read the table. */
  function atOnce(environments: readonly Handler[], accessToken: string) {
    deployment.holdIntrospections(() =>
      until(
        () => table.operations.filter((name) => name === 'GetItem').length >= environments.length,
      ),
    );
    return inIdleTime(
      () => Promise.allSettled(environments.map((handle) => invoke(handle, bearer(accessToken)))),
      () => otherRequests() + table.pending(),
    );
  }

  it('fifty environments that miss a fresh token at once introspect it once', async () => {
    const { accessToken } = await deployment.issue();
    const environments = Array.from({ length: 50 }, () => start());
    const before = introspections();
    const results = await atOnce(environments, accessToken);

    expect(introspections() - before).toBe(1);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'fulfilled', value: { principalId: 'alice' } });
    }
  });

  it('environments that miss a fresh token at once introspect it each if introspections are not coalesced', async () => {
    const { accessToken } = await deployment.issue();
    const environments = Array.from({ length: 5 }, () =>
      start({ CACHE_COALESCE_INTROSPECTIONS: 'false' }),
    );
    const before = introspections();
    await atOnce(environments, accessToken);

    expect(introspections() - before).toBe(5);
    expect(table.operations.filter((name) => name === 'UpdateItem')).toHaveLength(5);
  });

  it('ten environments that miss an inactive token at once introspect it once', async () => {
    const environments = Array.from({ length: 10 }, () => start());
    const before = introspections();
    const results = await atOnce(environments, deployment.unknownToken());

    expect(introspections() - before).toBe(1);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { message: 'Unauthorized' } });
    }
  });
});

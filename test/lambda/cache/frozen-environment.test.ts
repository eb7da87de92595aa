import { bearer, type Deployment, invoke, startDeployment } from '../../support/deployment';
import { startFaultyTable } from '../../support/faulty-table';
import { startFunctionProcess } from '../../support/function-process';
import { until } from '../../support/until';

let deployment: Deployment;
let table: Awaited<ReturnType<typeof startFaultyTable>>;
let processes: ReturnType<typeof startFunctionProcess>[];

beforeAll(async () => {
  deployment = await startDeployment();
  table = await startFaultyTable(deployment.tableUrl);
});
afterAll(async () => {
  await table.close();
  await deployment.close();
});
beforeEach(async () => {
  await deployment.emptyTable();
  processes = [];
});
afterEach(() => {
  for (const { end } of processes) end();
});

function start(environment: Record<string, string> = {}) {
  const started = startFunctionProcess(deployment.environment(environment));
  processes.push(started);
  return started;
}

/** A write of a result, told from the one that acquires the lease. */
const isStore = (input: string) => input.includes('#sealed = :sealed');

/**
 * Three environments: one is stopped while it stores a result, another invalidates the token, which the
 * authorization server then calls inactive, and a third one decides about it.
 *
 * @param fate what becomes of the first attempt of the write: it never arrives, or after the invalidation.
 */
async function invalidateWhileFrozen(fate: 'lost' | 'delayed') {
  let pending = 0;
  let forwarded = 0;
  let markArrived = () => {};
  let markInvalidated = () => {};
  const arrived = new Promise<void>((resolve) => {
    markArrived = resolve;
  });
  const invalidated = new Promise<void>((resolve) => {
    markInvalidated = resolve;
  });
  table.failWith(async (_, response, input) => {
    if (!isStore(input)) return 'forward';
    const isFirst = pending === 0;
    pending += 1;
    markArrived();
    if (isFirst && fate === 'lost') return undefined;
    if (isFirst) await invalidated;
    response.on('close', () => {
      forwarded += 1;
    });
    return 'forward';
  });
  const { accessToken } = await deployment.issue();
  const frozen = start({ AWS_ENDPOINT_URL_DYNAMODB: table.url });
  const result = invoke(frozen.handle, bearer(accessToken));
  await arrived;
  frozen.freeze();

  const event = { type: 'INVALIDATE_TOKEN', accessToken };
  const invalidation = await start().handle(event as never, {} as never);
  expect(invalidation).toEqual({ invalidated: true });
  deployment.revoke(accessToken);
  markInvalidated();
  frozen.thaw();

  expect(await result).toMatchObject({ principalId: 'alice' });
  await until(() => forwarded > 0 && forwarded === pending - (fate === 'lost' ? 1 : 0));
  expect((await deployment.items()).filter((item) => 'sealed' in item)).toEqual([]);
  await expect(invoke(start().handle, bearer(accessToken))).rejects.toThrow('Unauthorized');
}

describe('an environment that is stopped while it stores a result', () => {
  it('an environment that is stopped while it stores a result does not bring an invalidated token back by a retry of the write that timed out', async () => {
    await invalidateWhileFrozen('lost');
  });

  it('an environment that is stopped while it stores a result does not bring an invalidated token back by a write that was delayed on its way', async () => {
    await invalidateWhileFrozen('delayed');
  });
});

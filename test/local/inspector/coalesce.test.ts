import { setImmediate as turn } from 'node:timers/promises';
import { coalesce } from '../../../local/inspector/coalesce';

/** Work whose runs end on demand. */
function manualWork() {
  const runs: ReturnType<typeof withResolvers>[] = [];
  const work = coalesce(() => {
    const run = withResolvers();
    runs.push(run);
    return run.promise;
  });
  return { runs, work };
}

function withResolvers() {
  let resolve = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((fulfilled, rejected) => {
    resolve = fulfilled;
    reject = rejected;
  });
  return { promise, resolve, reject };
}

test('calls during a run of coalesced work lead to one more run', async () => {
  const { runs, work } = manualWork();
  const calls = [work(), work(), work(), work()];
  expect(runs).toHaveLength(1);

  runs[0]?.resolve();
  await turn();
  expect(runs).toHaveLength(2);
  runs[1]?.resolve();
  await Promise.all(calls);

  expect(runs).toHaveLength(2);
});

test('coalesced work runs again after a run that failed', async () => {
  const { runs, work } = manualWork();
  const first = work();
  const second = work();
  runs[0]?.reject(new Error('no'));
  await expect(first).rejects.toThrow('no');
  await turn();
  runs[1]?.resolve();
  await second;
  const third = work();
  runs[2]?.resolve();
  await third;

  expect(runs).toHaveLength(3);
});

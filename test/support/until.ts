import timers from 'node:timers/promises';

const { setTimeout: sleep } = timers;

/** Number of turns of the event loop after which the wait is one for another process, which needs the processor. */
const TURNS = 20;

/** No machine is so slow; a wait in vain must not keep the test process open, nor its timers faked. */
export const LIMIT_NS = 60_000_000_000n;

/** Waits for a condition, also while timers are faked. */
export async function until(condition: () => boolean): Promise<void> {
  const end = process.hrtime.bigint() + LIMIT_NS;
  for (let turn = 0; !condition(); turn += 1) {
    if (process.hrtime.bigint() > end) throw new Error(`waited in vain: ${condition}`);
    await (turn < TURNS ? new Promise((resolve) => setImmediate(resolve)) : sleep(1));
  }
}

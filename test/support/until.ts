import { setTimeout as sleep } from 'node:timers/promises';

/** No machine is so slow; a wait in vain must not keep the test process open. */
const LIMIT_MS = 60_000;

/** Waits for a condition. */
export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${condition}`);
    await sleep(5);
  }
}

/** No machine is so slow; a wait in vain must not keep the test process open. */
const LIMIT_NS = 60_000_000_000n;

/** Waits for a condition, also while timers are faked. */
export async function until(condition: () => boolean): Promise<void> {
  const end = process.hrtime.bigint() + LIMIT_NS;
  while (!condition()) {
    if (process.hrtime.bigint() > end) throw new Error(`waited in vain: ${condition}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

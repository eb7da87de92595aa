import { createModelTable, type Passage, type Units } from '../../test/support/model-table';
import type { VirtualTime } from '../../test/support/virtual-time';

/**
 * Capacity units of one item in a second.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const LIMITS: Units = { read: 3000, write: 1000 };

/** Share of operations whose latency is in the tail, and its mean in milliseconds. */
const TAIL_SHARE = 0.005;
const TAIL_MS = 15;

/** Creates a model of the DynamoDB table, with latencies of 2 to 10 ms and a tail, and with limits for each item. */
export function createTable(time: VirtualTime, random: () => number) {
  const buckets = new Map<string, Units & { readonly atMs: number }>();

  /** Takes the units from a bucket that fills up within a second. */
  function admit(id: string, units: Units): boolean {
    const { atMs, ...left } = buckets.get(id) ?? { ...LIMITS, atMs: time.elapsed() };
    const share = (time.elapsed() - atMs) / 1000;
    const rest = (kind: keyof Units) =>
      Math.min(LIMITS[kind], left[kind] + share * LIMITS[kind]) - units[kind];
    const next = { read: rest('read'), write: rest('write') };
    if (next.read < 0 || next.write < 0) return false;
    buckets.set(id, { ...next, atMs: time.elapsed() });
    return true;
  }

  function passage(): Passage {
    const tailMs = random() < TAIL_SHARE ? -Math.log(1 - random()) * TAIL_MS : 0;
    const ms = 2 + 8 * random() ** 3 + tailMs;
    return { requestMs: ms / 2, responseMs: ms / 2 };
  }

  return createModelTable(time, { stalenessMs: 10, passage, admit });
}

export type Table = ReturnType<typeof createTable>;

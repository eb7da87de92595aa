import type { Clock } from '../../lambda/core/ports';
import type { Item, TokenTable, UpdateResult } from '../../lambda/io/aws/token-table';
import type { VirtualTime } from './virtual-time';

/** Fate of one attempt of an operation on its way to the table and back. */
export interface Passage {
  readonly requestMs: number;
  readonly responseMs: number;
  /** Whether the request gets lost, the response, or neither. */
  readonly lost?: 'request' | 'response' | undefined;
}

/** Capacity units that an operation consumes. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

/** As the client of the function: two attempts, each with a timeout. */
const ATTEMPT_TIMEOUT_MS = 500;
const PAUSE_MS = 15;

/**
 * A model of the DynamoDB table over virtual time. Reads are eventually consistent; requests on their way
 * arrive although their sender is frozen meanwhile.
 *
 * @param stalenessMs how old an item that is read may be, in milliseconds.
 * @param passage how each attempt fares.
 * @param admit whether an operation on an item is within the table's limits; others are throttled.
 */
export function createModelTable(
  time: VirtualTime,
  {
    stalenessMs = 0,
    passage = (): Passage => ({ requestMs: 2, responseMs: 2 }),
    admit = (_id: string, _units: Units): boolean => true,
  } = {},
) {
  const histories = new Map<string, { readonly at: number; readonly item: Item | undefined }[]>();
  const counts = { get: 0, update: 0, conflicts: 0, throttled: 0 };
  const units = { read: 0, write: 0 };
  let noteGet = () => {};
  let noteUpdate = (_before: Item, _after: Item) => {};

  function itemAt(id: string, at: number): Item | undefined {
    return histories.get(id)?.findLast((it) => it.at <= at)?.item;
  }
  function set(id: string, item: Item | undefined): void {
    histories.set(id, [...(histories.get(id) ?? []), { at: time.elapsed(), item }]);
  }
  const current = (id: string) => itemAt(id, Number.POSITIVE_INFINITY);

  function get(id: string, consistent: boolean): Item | undefined {
    counts.get += 1;
    noteGet();
    consume(id, { read: consistent ? 1 : 0.5, write: 0 });
    return consistent ? current(id) : itemAt(id, time.elapsed() - stalenessMs);
  }

  function consume(id: string, { read, write }: Units): void {
    if (!admit(id, { read, write })) {
      counts.throttled += 1;
      throw new Error('the throughput of the item is exceeded');
    }
    units.read += read;
    units.write += write;
  }

  function update(id: string, changes: Item, expected: Item = {}): UpdateResult {
    counts.update += 1;
    const item = current(id) ?? {};
    const next = Object.entries({ ...item, ...changes, id }).filter(([, it]) => it !== undefined);
    consume(id, { read: 0, write: Math.max(kilobytes(item), kilobytes(Object.fromEntries(next))) });
    const isUnchanged = Object.entries(expected).every(([name, value]) => item[name] === value);
    const { lease_id: leaseId } = changes;
    const isRepeated = leaseId !== undefined && item['lease_id'] === leaseId;
    if (!isUnchanged && !isRepeated) {
      counts.conflicts += 1;
      return { updated: false, item: current(id) };
    }
    const after = Object.fromEntries(next);
    noteUpdate(item, after);
    set(id, after);
    return { updated: true };
  }

  return {
    counts,
    units,
    current,
    ids: () => [...histories.keys()],
    /** Puts an item, as an attacker would who can write to the table. */
    put: set,
    onGet(note: () => void) {
      noteGet = note;
    },
    /** Reports each update with the item before and after it. */
    onUpdate(note: (before: Item, after: Item) => void) {
      noteUpdate = note;
    },
    /** Deletes the items whose time to live is past, as DynamoDB may. */
    deleteExpired() {
      for (const id of histories.keys()) {
        if (Number(current(id)?.['ttl']) < time.now()) set(id, undefined);
      }
    },
    connect(clock: Clock): TokenTable {
      function attempt<T>(operate: () => T): Promise<T> {
        const { requestMs, responseMs, lost } = passage();
        return new Promise((resolve, reject) => {
          const timeout = () => reject(new Error('attempt timed out'));
          const cancel = clock.after(ATTEMPT_TIMEOUT_MS, timeout);
          if (lost === 'request') return;
          time.after(requestMs, () => {
            const result = new Promise<T>((settle) => settle(operate()));
            // Nothing handles a rejection until the response arrives.
            result.catch(() => undefined);
            if (lost === 'response') return;
            clock.after(responseMs, () => {
              cancel();
              resolve(result);
            });
          });
        });
      }
      async function call<T>(operate: () => T): Promise<T> {
        try {
          return await attempt(operate);
        } catch {
          await new Promise<void>((resolve) => void clock.after(PAUSE_MS, resolve));
          return attempt(operate);
        }
      }
      return {
        get: (id, options) => call(() => get(id, options?.consistent ?? false)),
        update: (id, changes, expected) => call(() => update(id, changes, expected)),
      };
    },
  };
}

/**
 * Returns the size of an item in whole kilobytes, as a write is charged for.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
function kilobytes(item: Item): number {
  const bytes = Object.entries(item).reduce(
    (sum, [name, value]) =>
      sum + name.length + (typeof value === 'number' ? 8 : (value?.length ?? 0)),
    0,
  );
  return Math.max(1, Math.ceil(bytes / 1024));
}

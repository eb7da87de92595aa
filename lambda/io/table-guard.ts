import { createCircuitBreaker } from './circuit-breaker';

/** What the token cache was doing when the table failed. */
export type TableOperation = 'get' | 'put' | 'claim' | 'open';

export interface TableGuardOptions {
  /** How long an operation may keep a request waiting, in milliseconds. */
  readonly boundMs: number;
  /** Hears of every operation that failed, came too late or was not tried; the request goes on without it. */
  readonly onFault: (operation: TableOperation, error: unknown) => void;
  /** Epoch seconds. */
  readonly now: () => number;
}

/**
 * The first operations of an execution environment get this much time, in milliseconds: they make the
 * connection and run code for the first time.
 */
const COLD_BOUND_MS = 200;
const COLD_OPERATIONS = 3;

/**
 * Keeps the table from being the reason of an outage: each operation has a bound, and a table that fails
 * several times in a row is left alone for a few seconds, so that it costs nothing more.
 *
 * @returns a function that gives the operation's value, or `undefined` if there is none in time.
 */
export function createTableGuard({ boundMs, onFault, now }: TableGuardOptions) {
  const guard = createCircuitBreaker({
    isDown: () => true,
    notSent: (cause) => new Error('the table is left alone after it failed', { cause }),
    now,
  });
  let succeeded = 0;

  return async function attempt<T>(
    operation: TableOperation,
    work: () => Promise<T>,
  ): Promise<{ readonly value: T } | undefined> {
    try {
      const isCold = succeeded < COLD_OPERATIONS;
      const bound = isCold ? Math.max(boundMs, COLD_BOUND_MS) : boundMs;
      const value = await guard(() => within(bound, work()));
      succeeded += 1;
      return { value };
    } catch (error) {
      onFault(operation, error);
      return undefined;
    }
  };
}

/** The work goes on when its time is over: a late write still serves others, a late read warms the connection. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  // Told already, as too late.
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const end = () => reject(new Error(`the table did not answer within ${ms} ms`));
    // Where the event loop was busy, an answer may be there, not yet read; it goes before.
    timer = setTimeout(() => setImmediate(end), ms);
  });
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}

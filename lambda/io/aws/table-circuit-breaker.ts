import type { Clock } from '../../core/ports';
import { createCircuitBreaker, OPEN_SECONDS } from '../circuit-breaker';
import { withTimeout } from '../timeout';

/** Operations of the token cache, as a log line names the one that failed. */
export type TableOperation = 'read' | 'acquire' | 'store' | 'open';

/** Reports an operation that failed, timed out or was skipped; the request continues without it. */
export type OnTableFault = (operation: TableOperation, error: unknown) => void;

/** Runs an operation on the table. Resolves to its value, or to `undefined` if there is none in time. */
export type TableCircuitBreaker = <T>(
  operation: TableOperation,
  work: () => Promise<T>,
) => Promise<{ readonly value: T } | undefined>;

export interface TableCircuitBreakerOptions {
  /** Longest time that an operation may delay a request, in milliseconds. */
  readonly timeoutMs: number;
  /** Counts an operation, whatever its result. */
  readonly onOperation?: () => void;
  readonly onFault: OnTableFault;
  readonly clock: Clock;
}

/**
 * Timeout of the first operations of an execution environment, in milliseconds: they open the connection
 * and run code for the first time.
 */
export const COLD_START_TIMEOUT_MS = 200;
const COLD_OPERATIONS = 3;

/**
 * Creates a guard that keeps the table from causing an outage: each operation has a timeout, and after
 * several failures in a row operations are skipped for a few seconds.
 */
export function createTableCircuitBreaker(
  options: TableCircuitBreakerOptions,
): TableCircuitBreaker {
  const { timeoutMs, onOperation, onFault, clock } = options;
  const guard = createCircuitBreaker({
    isDown: () => true,
    openError: (cause) =>
      new Error(`circuit breaker open: DynamoDB calls are skipped for ${OPEN_SECONDS} s`, {
        cause,
      }),
    now: () => clock.elapsed() / 1000,
  });
  let succeeded = 0;

  return async function attempt(operation, work) {
    onOperation?.();
    try {
      const isCold = succeeded < COLD_OPERATIONS;
      const limit = isCold ? Math.max(timeoutMs, COLD_START_TIMEOUT_MS) : timeoutMs;
      const value = await guard(() => withTimeout(limit, work(), clock, () => timeoutError(limit)));
      succeeded += 1;
      return { value };
    } catch (error) {
      onFault(operation, error);
      return undefined;
    }
  };
}

function timeoutError(ms: number): Error {
  return new Error(`the table did not respond within ${ms} ms`);
}

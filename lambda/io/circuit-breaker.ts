import { steadyNow } from './steady-clock';

/** Number of consecutive failures that open the circuit. */
const FAILURES_TO_OPEN = 3;
/** Time for which the circuit stays open before a request probes the dependency, in seconds. */
export const OPEN_SECONDS = 5;

export interface CircuitBreakerOptions {
  /** Returns whether an error means that the dependency is down, instead of this request being refused. */
  readonly isDown: (error: unknown) => boolean;
  /** Returns the error of a request that was not sent, from the last failure. */
  readonly openError: (lastFailure: unknown) => Error;
  /** Seconds of a clock that never steps back. @default - that of the environment */
  readonly now?: () => number;
}

/**
 * Creates a circuit breaker: while a dependency is down, a request costs milliseconds instead of its
 * deadline. Requests may name a subject; failures of the same subject count once, so that one access token
 * that makes a server hang does not open the circuit for the others.
 *
 * When the open time is over, the circuit is half-open: one probe per subject goes through, and no more
 * subjects at once than failures open the circuit. The first success closes it.
 *
 * @see https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker
 */
export function createCircuitBreaker(options: CircuitBreakerOptions) {
  const { isDown, openError, now = steadyNow } = options;
  const failed = new Set<unknown>();
  const probing = new Set<unknown>();
  let lastFailure: unknown;
  let halfOpenAt = 0;

  function assertMayProbe(subject: unknown): void {
    const refused = now() < halfOpenAt || probing.has(subject) || probing.size >= FAILURES_TO_OPEN;
    if (refused) throw openError(lastFailure);
  }

  return async function guard<T>(send: () => Promise<T>, subject?: string): Promise<T> {
    const isProbe = failed.size >= FAILURES_TO_OPEN;
    if (isProbe) {
      assertMayProbe(subject);
      probing.add(subject);
    }
    try {
      const result = await send();
      failed.clear();
      return result;
    } catch (error) {
      if (!isDown(error)) failed.clear();
      else if (failed.size < FAILURES_TO_OPEN) failed.add(subject ?? Symbol('failure'));
      lastFailure = error;
      halfOpenAt = now() + OPEN_SECONDS;
      throw error;
    } finally {
      if (isProbe) probing.delete(subject);
    }
  };
}

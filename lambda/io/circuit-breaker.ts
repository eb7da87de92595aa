/** After so many failures in a row a dependency counts as down. */
const FAILURES_TO_OPEN = 3;
/** How long a dependency that is down is left alone, in seconds. */
export const OPEN_SECONDS = 5;

export interface CircuitBreakerOptions {
  /** Whether an error says that the dependency is down, instead of just this request being refused. */
  readonly isDown: (error: unknown) => boolean;
  /** The error of a request that was not sent because of the last one that failed. */
  readonly notSent: (lastFailure: unknown) => Error;
  /** Epoch seconds. */
  readonly now: () => number;
}

/**
 * Keeps requests from a dependency that is down, so that each costs milliseconds instead of the deadline.
 * From time to time one request goes through; the first that succeeds closes the circuit again.
 */
export function createCircuitBreaker({ isDown, notSent, now }: CircuitBreakerOptions) {
  let failures = 0;
  let lastFailure: unknown;
  let closedAgainAt = 0;
  let probing = false;

  return async function guard<T>(send: () => Promise<T>): Promise<T> {
    const down = failures >= FAILURES_TO_OPEN;
    if (down && (probing || now() < closedAgainAt)) throw notSent(lastFailure);
    probing = down;
    try {
      const result = await send();
      failures = 0;
      return result;
    } catch (error) {
      failures = isDown(error) ? failures + 1 : 0;
      lastFailure = error;
      closedAgainAt = now() + OPEN_SECONDS;
      throw error;
    } finally {
      if (down) probing = false;
    }
  };
}

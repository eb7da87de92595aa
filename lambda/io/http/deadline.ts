/** Deadline of an operation. */
export interface Deadline {
  /** Aborts at the deadline, with an error `ETIMEDOUT` as its reason. */
  readonly signal: AbortSignal;
  remainingMs(): number;
}

/**
 * Runs work with a deadline. `AbortSignal.timeout` is not used, because its timer cannot be cancelled when
 * the work completes in time.
 */
export async function withDeadline<T>(
  milliseconds: number,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = performance.now() + milliseconds;
  const timer = setTimeout(() => controller.abort(timeoutError(milliseconds)), milliseconds);
  try {
    return await work({
      signal: controller.signal,
      remainingMs: () => end - performance.now(),
    });
  } finally {
    clearTimeout(timer);
  }
}

function timeoutError(milliseconds: number): Error {
  const error = new Error(`not done within ${milliseconds} ms`);
  return Object.assign(error, { name: 'TimeoutError', code: 'ETIMEDOUT' });
}

/** The end of the time that something may take. */
export interface Deadline {
  /** Aborts at the end, with an error `ETIMEDOUT` as its reason. */
  readonly signal: AbortSignal;
  remainingMs(): number;
}

/**
 * Gives work a deadline. Not by `AbortSignal.timeout`, whose timer cannot be stopped: it would go off, and
 * make an error that nobody sees, after every request that was answered in time.
 */
export async function withDeadline<T>(
  milliseconds: number,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = performance.now() + milliseconds;
  const timer = setTimeout(() => controller.abort(tooLate(milliseconds)), milliseconds);
  try {
    return await work({
      signal: controller.signal,
      remainingMs: () => end - performance.now(),
    });
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(milliseconds: number): Error {
  const error = new Error(`not done within ${milliseconds} ms`);
  return Object.assign(error, { name: 'TimeoutError', code: 'ETIMEDOUT' });
}

import type { Clock } from '../core/ports';

/**
 * Rejects with an error after a timeout. The work is not cancelled: a late write still helps other
 * environments, a late read warms the connection.
 */
export function withTimeout<T>(
  ms: number,
  work: Promise<T>,
  { after }: Pick<Clock, 'after'>,
  timeoutError: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    // If the event loop was busy, a response may have arrived that is not read yet: read it first.
    const cancel = after(ms, () => setImmediate(() => reject(timeoutError())));
    work.finally(cancel).then(resolve, reject);
  });
}

import type { Clock } from '../core/ports';

/**
 * Rejects with an error after a timeout. The work is not cancelled: a late write still helps other
 * environments, a late read warms the connection.
 */
export async function withTimeout<T>(
  ms: number,
  work: Promise<T>,
  { after }: Pick<Clock, 'after'>,
  tooLate: () => Error,
): Promise<T> {
  // Reported as a timeout already.
  work.catch(() => undefined);
  let cancel = () => {};
  const timeout = new Promise<never>((_, reject) => {
    // If the event loop was busy, a response may have arrived that is not read yet: read it first.
    cancel = after(ms, () => setImmediate(() => reject(tooLate())));
  });
  return Promise.race([work, timeout]).finally(() => cancel());
}

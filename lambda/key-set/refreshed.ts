import { createSingleFlight } from '../core/single-flight';

/** Maximum age of a value before it is read again, in seconds. */
export const MAX_AGE_SECONDS = 60;

/**
 * Time for which a failure is kept if there is no former value, in seconds. The documents are public: if every
 * request waited for a source that does not respond, few clients could hold all of an account's concurrency.
 */
export const RETRY_SECONDS = 5;

/**
 * Keeps a value, and reads it again when it exceeds the maximum age. While reading fails, the former value is
 * returned.
 *
 * @param now seconds of a clock that never steps back.
 * @returns a function that throws the error of `read` if there is no former value.
 */
export function createRefreshed<Value>(read: () => Promise<Value>, now: () => number) {
  let known: { readonly value: Value } | undefined;
  let failure: unknown;
  let readAgainAt = Number.NEGATIVE_INFINITY;
  const reads = createSingleFlight<void>();

  async function refresh(): Promise<void> {
    try {
      known = { value: await read() };
    } catch (error) {
      failure = error;
    }
    readAgainAt = now() + (known ? MAX_AGE_SECONDS : RETRY_SECONDS);
  }

  return async function get(): Promise<Value> {
    if (now() >= readAgainAt) await reads.run(refresh);
    if (known === undefined) throw failure;
    return known.value;
  };
}

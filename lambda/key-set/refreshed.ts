import { createSingleFlight } from '../core/single-flight';

/** Maximum age of a value before it is read again, in seconds. */
export const MAX_AGE_SECONDS = 60;

/**
 * Keeps a value, and reads it again when it exceeds the maximum age. While reading fails, the former value is
 * returned.
 *
 * @param now seconds of a clock that never steps back.
 * @returns a function that throws the error of `read` if there is no former value.
 */
export function createRefreshed<Value>(read: () => Promise<Value>, now: () => number) {
  let known: { readonly value: Value; readonly readAt: number } | undefined;
  const reads = createSingleFlight<Value>();

  async function refresh(): Promise<Value> {
    try {
      known = { value: await read(), readAt: now() };
    } catch (error) {
      if (known === undefined) throw error;
      known = { ...known, readAt: now() };
    }
    return known.value;
  }

  return async function get(): Promise<Value> {
    return known && now() - known.readAt < MAX_AGE_SECONDS ? known.value : reads.run(refresh);
  };
}

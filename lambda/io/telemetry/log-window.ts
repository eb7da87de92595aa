/** Time in which one of several equal events is logged and the others are counted, in seconds. */
const LOG_WINDOW_SECONDS = 60;

/**
 * Creates a rate limit for the log line of an event.
 *
 * @param now epoch seconds.
 * @returns a function that takes each event. It returns the fields of the line, or `undefined` if the event
 * is not logged.
 */
export function createLogWindow(now: () => number) {
  let window = { endsAt: 0, suppressed: 0 };
  return function next(): { readonly suppressed_count?: number } | undefined {
    if (now() < window.endsAt) {
      window.suppressed += 1;
      return undefined;
    }
    const { suppressed } = window;
    window = { endsAt: now() + LOG_WINDOW_SECONDS, suppressed: 0 };
    return suppressed > 0 ? { suppressed_count: suppressed } : {};
  };
}

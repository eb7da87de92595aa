/**
 * Creates a single flight: concurrent calls with the same key share one run of the work, also if it fails.
 *
 * @see https://pkg.go.dev/golang.org/x/sync/singleflight
 */
export function createSingleFlight<T>() {
  const inFlight = new Map<string, Promise<T>>();
  return {
    /** Runs the work, or joins the run in flight. */
    run(work: () => Promise<T>, key = ''): Promise<T> {
      const current = inFlight.get(key) ?? work().finally(() => inFlight.delete(key));
      inFlight.set(key, current);
      return current;
    },
    /** Resolves when the run in flight, if any, has succeeded or failed. Never rejects. */
    async settled(key = ''): Promise<void> {
      await inFlight.get(key)?.catch(() => undefined);
    },
  };
}

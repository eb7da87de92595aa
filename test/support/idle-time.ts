/** Turns of the event loop without a pending request after which nothing is on its way either. */
const IDLE_TURNS = 20;
const STEP_MS = 5;

/**
 * Runs work for which time passes only while no request is under way. Timeouts then never depend on the
 * speed of the machine, and pauses take no time.
 *
 * @param pending how many requests are under way.
 */
export async function inIdleTime<T>(pending: () => number, work: () => Promise<T>): Promise<T> {
  const turn = setImmediate;
  jest.useFakeTimers({
    now: Date.now(),
    doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'hrtime'],
  });
  try {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    const result = work();
    result.then(done, done);
    for (let idle = 0; !isDone; idle += 1) {
      await new Promise((resolve) => turn(resolve));
      if (pending() > 0) idle = 0;
      else if (idle >= IDLE_TURNS) {
        idle = 0;
        jest.advanceTimersByTime(STEP_MS);
      }
    }
    return await result;
  } finally {
    jest.useRealTimers();
  }
}

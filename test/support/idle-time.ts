import timers from 'node:timers/promises';

/** Turns of the event loop without a pending request after which nothing is on its way either. */
const IDLE_TURNS = 20;
const STEP_MS = 5;

/**
 * Runs work for which time passes only while no request is under way. Timeouts then never depend on the
 * speed of the machine, and pauses take no time.
 *
 * @param pending number of requests under way to other threads and processes, and of other work that must not time out.
 *   Default: none
 */
export async function inIdleTime<T>(work: () => Promise<T>, pending = () => 0): Promise<T> {
  const turn = setImmediate;
  jest.useFakeTimers({
    now: Date.now(),
    doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'hrtime'],
  });
  // Jest does not replace the timers of this module.
  const pausing = jest
    .spyOn(timers, 'setTimeout')
    .mockImplementation((ms, value) => new Promise((done) => void setTimeout(done, ms, value)));
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
    pausing.mockRestore();
    jest.useRealTimers();
  }
}

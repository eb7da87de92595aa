import timers from 'node:timers/promises';
import { LIMIT_NS } from './until';

/** Turns of the event loop without a pending request after which nothing is on its way either. */
const IDLE_TURNS = 20;
const STEP_MS = 5;

/**
 * Runs work for which time passes only while this process is idle and no request is pending. Timeouts then never
 * depend on the speed of the machine, and pauses take no time.
 *
 * @param pending returns the number of pending requests: those to other threads and processes, and others that must not
 *   time out. Default: none
 */
export async function inIdleTime<T>(work: () => Promise<T>, pending = () => 0): Promise<T> {
  const turn = setImmediate;
  const end = process.hrtime.bigint() + LIMIT_NS;
  jest.useFakeTimers({
    now: Date.now(),
    doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'hrtime'],
  });
  // Jest does not fake `node:timers/promises`.
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
      if (process.hrtime.bigint() > end) throw new Error('the work does not end');
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

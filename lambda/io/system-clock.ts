import type { Clock } from '../core/ports';

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  elapsed: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

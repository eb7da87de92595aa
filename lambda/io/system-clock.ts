import type { Clock } from '../core/ports';
import { steadyNow } from './steady-clock';

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  elapsed: () => steadyNow() * 1000,
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

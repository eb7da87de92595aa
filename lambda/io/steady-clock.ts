/** Readings of the two clocks of a machine, in milliseconds. */
export interface ClockReadings {
  readonly wall: () => number;
  readonly monotonic: () => number;
}

const MACHINE: ClockReadings = { wall: () => Date.now(), monotonic: () => performance.now() };

/**
 * Creates a clock for ages and pauses, in seconds from an arbitrary moment. It never steps back, as the wall
 * clock does when it is set. It includes the time for which the environment was frozen, which the monotonic
 * clock may not count: of both clocks it goes as far as the one that went further.
 *
 * @see https://man7.org/linux/man-pages/man2/clock_gettime.2.html
 */
export function createSteadyClock({ wall, monotonic }: ClockReadings = MACHINE): () => number {
  let last = { wall: wall(), monotonic: monotonic() };
  let elapsed = 0;
  return function steadyNow() {
    const current = { wall: wall(), monotonic: monotonic() };
    elapsed += Math.max(0, current.wall - last.wall, current.monotonic - last.monotonic);
    last = current;
    return elapsed / 1000;
  };
}

/** The steady clock of this execution environment. */
export const steadyNow = createSteadyClock();

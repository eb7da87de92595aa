import type { Clock } from '../../lambda/core/ports';
import { NOW } from './tokens';

interface Timer {
  readonly at: number;
  /** `undefined` once the timer was cancelled. */
  callback: (() => void) | undefined;
}

/** Time that passes only when nothing else is left to do: as fast as the machine can, and always the same. */
export function createVirtualTime() {
  let elapsed = 0;
  /** The next timer is the last one; of timers for the same time the first that was set. */
  const timers: Timer[] = [];

  function after(milliseconds: number, callback: () => void): () => void {
    const timer: Timer = { at: elapsed + Math.max(0, milliseconds), callback };
    timers.splice(indexBefore(timer.at), 0, timer);
    return () => {
      timer.callback = undefined;
    };
  }

  /** Returns the index of the first timer that is due at a time or before. */
  function indexBefore(at: number): number {
    let [low, high] = [0, timers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((timers[middle]?.at ?? 0) > at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Removes and returns the next timer, unless it is due later. */
  function next(latest = Number.POSITIVE_INFINITY): Timer | undefined {
    while (timers.at(-1)?.callback === undefined && timers.length > 0) timers.pop();
    return (timers.at(-1)?.at ?? Number.POSITIVE_INFINITY) <= latest ? timers.pop() : undefined;
  }

  /** Lets time pass until the work is done. */
  async function run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return work;
      const first = next();
      if (first === undefined) throw new Error('nothing is left to do, and the work is not done');
      elapsed = first.at;
      const due: Timer[] = [];
      for (let timer: Timer | undefined = first; timer; timer = next(elapsed)) due.push(timer);
      for (const { callback } of due) callback?.();
    }
  }

  return {
    after,
    run,
    elapsed: () => elapsed,
    now: () => NOW + elapsed / 1000,
    sleep: (milliseconds: number) =>
      new Promise<void>((resolve) => void after(milliseconds, resolve)),
    /**
     * The clock of one environment: its time of day may be wrong, and nothing goes on in it while it is
     * frozen.
     */
    environment(skewSeconds = 0) {
      let isFrozen = false;
      let waiting: (() => void)[] = [];
      const gate = (callback: () => void) => () => {
        if (isFrozen) waiting.push(callback);
        else callback();
      };
      const clock: Clock = {
        now: () => NOW + skewSeconds + elapsed / 1000,
        elapsed: () => elapsed,
        after: (milliseconds, callback) => after(milliseconds, gate(callback)),
      };
      return {
        clock,
        freeze() {
          isFrozen = true;
        },
        thaw() {
          isFrozen = false;
          const due = waiting;
          waiting = [];
          for (const callback of due) callback();
        },
      };
    },
  };
}

export type VirtualTime = ReturnType<typeof createVirtualTime>;

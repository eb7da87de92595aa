import type { Clock } from '../../lambda/core/ports';
import { NOW } from './tokens';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that passes only when nothing else is left to do: as fast as the machine can, and always the same. */
export function createVirtualTime() {
  let elapsed = 0;
  let timers: Timer[] = [];

  function after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: elapsed + Math.max(0, milliseconds), callback };
    timers.push(timer);
    return () => {
      timers = timers.filter((it) => it !== timer);
    };
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
      const next = timers.reduce<Timer | undefined>(
        (first, it) => (first === undefined || it.at < first.at ? it : first),
        undefined,
      );
      if (next === undefined) throw new Error('nothing is left to do, and the work is not done');
      elapsed = next.at;
      const due = timers.filter(({ at }) => at <= elapsed);
      timers = timers.filter(({ at }) => at > elapsed);
      for (const { callback } of due) callback();
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

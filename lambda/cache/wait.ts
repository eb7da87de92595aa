import type { Clock } from '../core/ports';

export interface WaitOptions {
  /** Longest wait for other environments, in milliseconds. */
  readonly waitMs: number;
  readonly clock: Clock;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
}

/** Number of own introspections whose durations are remembered. */
const RECENT = 15;
/** Duration that is assumed before the first introspection, in milliseconds. */
const ASSUMED_MS = 50;
/** Shortest duration that pauses are made for, in milliseconds: few of them are to span a slow introspection. */
const MIN_TYPICAL_MS = 25;
/** Reads of an item while one lease lasts; the last one is when it expires. */
const MAX_READS = 6;

/** The waits of one execution environment for the introspections of others. */
export function createWaits({ waitMs, clock, random }: WaitOptions) {
  const recent: number[] = [];

  function typicalMs(): number {
    const sorted = [...recent].sort((one, other) => one - other);
    return Math.max(MIN_TYPICAL_MS, sorted[Math.floor(sorted.length / 2)] ?? ASSUMED_MS);
  }

  return {
    /** Takes the duration of an introspection of our own. */
    observe(milliseconds: number): void {
      if (recent.push(milliseconds) > RECENT) recent.shift();
    },

    start() {
      const endsAt = clock.elapsed() + waitMs;
      const typical = typicalMs();
      let awaited: unknown;
      let reads = 0;
      return {
        /** Returns whether a lease is the one that was waited for last. */
        awaited: (leaseId: unknown) => leaseId !== undefined && leaseId === awaited,

        /**
         * Pauses before the next read. The first pause lasts as long as an introspection usually does, and
         * the next ones double with full jitter, so that environments do not read in step.
         *
         * @param leaseMs until the lease expires, in milliseconds.
         * @returns `false`, without a pause, if there is no time left to wait.
         * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
         */
        async pause(leaseId: unknown, leaseMs: number): Promise<boolean> {
          if (leaseId !== awaited) [awaited, reads] = [leaseId, 0];
          const leftMs = endsAt - clock.elapsed();
          if (leftMs <= 0 || reads === MAX_READS) return false;
          reads += 1;
          const jittered = reads === 1 ? 1 + random() / 4 : random() * 2 ** (reads - 2);
          const backoffMs = reads < MAX_READS ? typical * jittered : Infinity;
          const expiryMs = leaseMs + random() * typical;
          const pauseMs = Math.min(backoffMs, expiryMs, leftMs);
          await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
          return true;
        },
      };
    },
  };
}

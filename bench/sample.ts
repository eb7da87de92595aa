/** Statistics of repeated measurements. Medians: another program on the machine spoils few samples, not all. */

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param fraction from 0 to 1. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

/**
 * Returns how far medians of such samples are from each other, as a fraction of the median: half of the range of
 * the medians of five parts, one after the other in time.
 */
export function spread(values: readonly number[]): number {
  const size = Math.ceil(values.length / 5);
  const parts = [0, 1, 2, 3, 4].map((part) => values.slice(part * size, (part + 1) * size));
  const medians = parts.filter((part) => part.length > 0).map(median);
  return (Math.max(...medians) - Math.min(...medians)) / 2 / median(values);
}

type Contenders<Name extends string> = Readonly<Record<Name, (round: number) => unknown>>;

/**
 * Measures contenders in turn, each once a round, so that whatever else the machine does meets all of
 * them alike. The order changes from round to round: nobody always runs after the same one.
 *
 * @returns what each took, by name, one figure a round.
 */
export async function interleave<Name extends string>(
  rounds: number,
  contenders: Contenders<Name>,
  measure: (run: () => unknown) => Promise<number>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      taken[name]?.push(await measure(() => contenders[name](round)));
    }
  }
  return taken as Record<Name, number[]>;
}

/** Returns a number of rounds, or a tenth of it if `BENCH_QUICK` is set. */
export function rounds(number: number): number {
  return process.env['BENCH_QUICK'] ? Math.max(5, Math.ceil(number / 10)) : number;
}

/** The time something takes, in microseconds. */
export async function elapsedMicroseconds(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) * 1000;
}

/** The processor time, of all threads, that something takes, in microseconds. */
export async function cpuMicroseconds(run: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

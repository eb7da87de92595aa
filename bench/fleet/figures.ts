import type { Fleet, Sample } from './fleet';

/** Dollars for a million units of DynamoDB on demand, US East (N. Virginia), November 2026. */
const PRICES = { read: 0.125, write: 0.625 };

/** Figures of one scenario: latencies in milliseconds, operations of the table and their price. */
export interface Figures {
  readonly introspectionsPerToken: number;
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  readonly readsPerRequest: number;
  readonly writesPerRequest: number;
  readonly dollarsPerMillion: number;
}

/** Measures requests for a number of tokens: their latencies, and the operations of the fleet meanwhile. */
export async function measure(
  { time, table, server }: Fleet,
  tokens: number,
  send: () => Promise<readonly Sample[]>,
): Promise<Figures> {
  const [counts, units, introspections] = [
    { ...table.counts },
    { ...table.units },
    server.introspections(),
  ];
  const samples = await time.run(send());
  const perRequest = (count: number) => count / samples.length;
  const read = perRequest(table.units.read - units.read);
  const write = perRequest(table.units.write - units.write);
  return {
    introspectionsPerToken: (server.introspections() - introspections) / tokens,
    p50: percentile(samples, 50),
    p99: percentile(samples, 99),
    slowest: percentile(samples, 100),
    readsPerRequest: perRequest(table.counts.get - counts.get),
    writesPerRequest: perRequest(table.counts.update - counts.update),
    dollarsPerMillion: read * PRICES.read + write * PRICES.write,
  };
}

/** Returns a percentile of latencies, in milliseconds; NaN if there are none. */
export function percentile(samples: readonly Sample[], percent: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((one, other) => one - other);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}

import { ENTRY_POINT } from './build';
import { coldStart } from './cold-start';
import { MINTING, newAccessToken } from './function';
import type { RoundTrips } from './goals';
import { type Backend, countsOf } from './servers/start';

/** Counts the requests and connections of single cold starts, by service. */
export async function measureRoundTrips(
  node: string,
  backend: Backend,
  environment: Readonly<Record<string, string>>,
): Promise<RoundTrips> {
  const known = newAccessToken();
  const cases: readonly [string, string, Record<string, string>][] = [
    ['miss', known, {}],
    ['token cache', known, {}],
    ['miss with minting', newAccessToken(), MINTING],
  ];
  const all: [string, RoundTrips[string]][] = [];
  for (const [name, credential, more] of cases) {
    const before = await countsOf(backend);
    await coldStart(node, ENTRY_POINT, credential, { ...environment, ...more });
    const after = await countsOf(backend);
    const used = Object.entries(after).map(([service, counts]) => {
      const { requests, connections } = before[service as keyof typeof before];
      const difference = {
        requests: counts.requests - requests,
        connections: counts.connections - connections,
      };
      return [service, difference] as const;
    });
    all.push([name, Object.fromEntries(used)]);
  }
  return Object.fromEntries(all);
}

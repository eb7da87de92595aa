import { INTROSPECTION_MS } from '../../test/support/token-cache-fleet';
import type { Figures } from './figures';

/** Figures of all scenarios that have a goal. */
export interface Measured {
  readonly loneMiss: Figures;
  readonly freshToken: Figures;
  readonly expiry: Figures;
  readonly tableHit: Figures;
  readonly hanging: Figures;
  readonly failing: Figures;
}

/** Returns the goals, each beside what was measured, as a Markdown table. */
export function goals({
  loneMiss,
  freshToken,
  expiry,
  tableHit,
  hanging,
  failing,
}: Measured): string {
  const deadlines = Math.max(hanging.slowest, failing.slowest) / INTROSPECTION_MS;
  const outage = Math.max(hanging.introspectionsPerToken, failing.introspectionsPerToken);
  const rows = [
    goal(
      'introspections of a new token, 1000 environments',
      1.1,
      freshToken.introspectionsPerToken,
    ),
    goal('p99 at the expiry of a hot token, over a hit’s', 1.1, expiry.p99 / tableHit.p99),
    goal('outage, 100 environments: slowest, in deadlines', 1.2, deadlines),
    goal('outage, 100 environments: introspections', 5, outage),
    goal('reads of a lone miss', 1, loneMiss.readsPerRequest),
    goal('writes of a lone miss', 2, loneMiss.writesPerRequest),
  ];
  return ['\n### Goals\n', '| figure | goal | measured | |', '|---|--:|--:|---|', ...rows].join(
    '\n',
  );
}

function goal(figure: string, limit: number, measured: number): string {
  const verdict = measured <= limit ? 'pass' : 'short';
  return `| ${figure} | ≤ ${limit} | ${measured.toFixed(2)} | ${verdict} |`;
}

import type { Behavior } from './authorization-server';
import type { Figures } from './figures';

const COLUMNS = [
  { name: 'server', width: 8 },
  { name: 'fleet', width: 5 },
  { name: 'introspections', width: 14 },
  { name: 'p50', width: 5 },
  { name: 'p99', width: 5 },
  { name: 'reads', width: 5 },
  { name: 'writes', width: 6 },
  { name: '$', width: 5 },
];

/** Explanation of the columns. */
export const LEGEND = `server: its latency, or the kind of outage
fleet: execution environments
introspections: for each token
p50, p99: latency that the authorizer adds to a request, in ms
reads, writes: operations of the table for each request
$: their price for a million requests`;

/** Returns the head of a scenario's table, in Markdown. */
export function head(title: string): string {
  const names = line(COLUMNS.map(({ name }) => name));
  const rules = line(
    COLUMNS.map(({ width }, index) => `${'-'.repeat(width - 1)}${index === 0 ? '-' : ':'}`),
  );
  return `\n### ${title}\n\n${names}\n${rules}`;
}

export function row(behavior: Behavior, size: number, figures: Figures): string {
  return line([
    typeof behavior === 'number' ? `${behavior} ms` : behavior,
    String(size),
    figures.introspectionsPerToken.toFixed(2),
    figures.p50.toFixed(0),
    figures.p99.toFixed(0),
    figures.readsPerRequest.toFixed(2),
    figures.writesPerRequest.toFixed(2),
    figures.dollarsPerMillion.toFixed(2),
  ]);
}

function line(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const width = COLUMNS[index]?.width ?? 0;
    return index === 0 ? cell.padEnd(width) : cell.padStart(width);
  });
  return `| ${padded.join(' | ')} |`;
}

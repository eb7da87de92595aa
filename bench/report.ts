import type { ColdStarts } from './cold-start';
import type { InProcessResults } from './in-process';

interface Measured {
  readonly coldStarts: ColdStarts;
  readonly inProcess: InProcessResults;
  readonly introspections: readonly number[];
  readonly bundleBytes: number;
}

/** One goal: the figure, as text with its unit or against what it is held, and whether it is met. */
interface Goal {
  readonly path: string;
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

const BARE_MISS = 'bare POST + GetItem + PutItem';

/** The goals of the project, each beside what was measured, as a Markdown table. */
export function table(measured: Measured): string {
  const rows = goals(measured).map(({ path, goal, measured: figure, met }) =>
    [path, goal, figure, met ? 'pass' : 'short'].join(' | '),
  );
  return [
    '| path | goal | measured | |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
    others(measured),
  ].join('\n');
}

function goals({ coldStarts, inProcess, introspections, bundleBytes }: Measured): Goal[] {
  const { memoryHit, tokenCacheHit, miss, missNotCoalesced, missMinted, growth, heapBytes } =
    inProcess;
  const { known, first: firstProof, signature } = inProcess.proofs;
  const over = ({ elapsed }: ColdStarts['empty']) => elapsed - coldStarts.empty.elapsed;
  const [first, ...later] = growth.map(({ decision }) => decision);
  const slowest = Math.max(...later) / (first ?? 0);
  return [
    atMost('memory cache', 20, memoryHit.ours, 'µs of CPU'),
    ratio('memory cache', 0.4, memoryHit, 'µs', 'one RS256 verification'),
    ratio('token cache', 1.3, tokenCacheHit, 'µs', 'a signed GetItem'),
    ratio('miss', 1.3, miss, 'µs', BARE_MISS),
    ratio('miss, introspections not coalesced', 1.3, missNotCoalesced, 'µs', BARE_MISS),
    atMost('DPoP proof, first of its key', 300, firstProof, 'µs of CPU'),
    ratio(
      'DPoP proof, known key',
      1.5,
      { ours: known, reference: signature },
      'µs',
      'one ES256 verification',
    ),
    atMost('minting, more than a miss', 100, missMinted.ourCpu - miss.ourCpu, 'µs of CPU'),
    atMost('cold, token cache', 30, over(coldStarts.tokenCache), 'ms over an empty handler'),
    ratio(
      'cold, token cache',
      0.3,
      { ours: over(coldStarts.tokenCache), reference: over(coldStarts.sdkTokenCache) },
      'ms',
      'the same on the SDK',
    ),
    atMost('cold, introspection', 60, over(coldStarts.introspection), 'ms over an empty handler'),
    atMost(
      'cold, minting',
      5,
      coldStarts.minting.elapsed - coldStarts.introspection.elapsed,
      'ms more than without',
    ),
    atMost('bundle', 150, bundleBytes / 1000, 'KB minified'),
    atMost('10 000 tokens with JWTs of 1.5 KB', 64, heapBytes / 2 ** 20, 'MB of heap'),
    atMost(
      'introspections for a token, 10 000 requests for 100',
      1,
      Math.max(...introspections),
      '',
    ),
    // Small caches fit the processor's: a quarter more is its doing.
    atMost('decision with 100 to 100 000 tokens', 1.25, slowest, '× that with one'),
  ];
}

function atMost(path: string, limit: number, figure: number, unit: string): Goal {
  const measured = `${digits(figure)} ${unit}`.trim();
  return { path, goal: `≤ ${limit} ${unit}`.trim(), measured, met: figure <= limit };
}

function ratio(
  path: string,
  limit: number,
  { ours, reference }: { readonly ours: number; readonly reference: number },
  unit: string,
  what: string,
): Goal {
  const factor = ours / reference;
  const measured = `${digits(factor)} × (${digits(ours)} : ${digits(reference)} ${unit})`;
  return { path, goal: `≤ ${limit} × ${what}`, measured, met: factor <= limit };
}

/** Returns the figures that the documentation quotes and no goal names. */
function others({ coldStarts, inProcess }: Measured): string {
  const cold = Object.entries(coldStarts).map(
    ([name, { elapsed, cpu }]) => `${name} ${digits(elapsed)} (${digits(cpu)})`,
  );
  const { tokenCacheHit, miss, growth } = inProcess;
  const steps = growth.map(({ tokens, decision }) => `${tokens}: ${digits(decision)}`);
  return [
    `Process start to first decision in ms (CPU time in ms): ${cold.join(', ')}.`,
    `CPU time in µs: token cache ${digits(tokenCacheHit.ourCpu)}, miss ${digits(miss.ourCpu)}.`,
    `Decision in µs of CPU, by tokens known: ${steps.join(', ')}.`,
  ].join('\n');
}

function digits(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

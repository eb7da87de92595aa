import type { ColdMedians, ColdStarts } from './cold-start';
import type { Compared } from './compared';
import type { InProcessResults } from './in-process';
import { LATENCIES } from './servers/start';

/** Everything that one run measures. */
export interface Measured {
  readonly date: string;
  readonly machine: string;
  readonly cold: ColdStarts;
  readonly inProcess: InProcessResults;
  readonly introspections: readonly number[];
  readonly roundTrips: RoundTrips;
  readonly bytes: { readonly plain: number; readonly minting: number };
}

/** Requests and connections of one cold start, by what it serves and by service. */
export type RoundTrips = Readonly<
  Record<
    string,
    Readonly<Record<string, { readonly requests: number; readonly connections: number }>>
  >
>;

/** One goal: its limit, the measured figure, and how far two runs differ without a cause. */
export interface Goal {
  readonly path: string;
  readonly unit: string;
  readonly limit: number;
  readonly figure: number;
  /** Spread of the figure, in its unit. */
  readonly noise: number;
  /** Figures behind a ratio. */
  readonly detail?: string;
  /** Reason for which the goal is not met, and what was tried. */
  readonly reason?: string;
}

/** Latency that no function can avoid in its first decision: the secret and a read in parallel, then the entry. */
const COLD_LATENCY = Math.max(LATENCIES.secretsManager, LATENCIES.dynamoDb) + LATENCIES.dynamoDb;

/** Returns the goals of the project with the figures of a run. */
export function goals({ cold, inProcess, introspections, bytes }: Measured): Goal[] {
  const { memoryHit, proofs, tokenCacheHit, miss, mintingCpu, growth, heapBytes } = inProcess;
  const { starts } = cold;
  const over = (start: ColdMedians) => total(start) - total(starts.empty);
  const noiseOf = (start: ColdMedians) => start.spread * total(start);
  const coldRatio = (
    path: string,
    limit: number,
    one: ColdMedians,
    other: ColdMedians,
    what: string,
  ) =>
    ratio(path, limit, 'ms', what, {
      ours: over(one),
      reference: over(other),
      spread: one.spread + other.spread,
    });
  const worst = growth
    .slice(1)
    .map(({ decision }) => decision)
    .sort((one, other) => other.ours / other.reference - one.ours / one.reference)[0];
  return [
    {
      ...atMost('memory cache', 10, 'µs of CPU', memoryHit.ours, memoryHit.spread * memoryHit.ours),
      reason: 'the figure is absolute: other programs on the processor stretch it',
    },
    {
      ...ratio('memory cache', 0.25, 'µs', 'one RS256 verification', memoryHit),
      reason: 'event, digest of the token, lookup, all checks and the result',
    },
    {
      ...ratio('token cache, DynamoDB 4 ms', 1.08, 'µs', 'a bare signed GetItem', tokenCacheHit),
      reason:
        'the entry is opened, parsed and decided on, and a log line is written; all of it is processor time, which the next row shows without the network',
    },
    {
      ...atMost(
        'token cache, over the bare GetItem',
        150,
        'µs of CPU',
        tokenCacheHit.cpu.difference,
        tokenCacheHit.cpu.spread * tokenCacheHit.cpu.reference,
      ),
      detail: cpuDetail(tokenCacheHit.cpu),
      reason:
        'log line, decryption, HTTP client, claims, deadline and circuit breaker: between system calls each takes two to four times what it takes in a loop. For what was tried see *Tried, not kept* below',
    },
    {
      ...ratio(
        'miss, 4 ms and 25 ms',
        1.1,
        'µs',
        'bare GetItem + conditional UpdateItem + POST + UpdateItem',
        miss,
      ),
      reason: 'as for the token cache, four times',
    },
    {
      ...ratio('DPoP proof, known key', 1.5, 'µs', 'one ES256 verification', proofs.known),
      reason: 'header and claims of the proof are parsed and compared with the request',
    },
    {
      ...atMost(
        'DPoP proof, first of its key',
        300,
        'µs of CPU',
        proofs.first.ours,
        proofs.first.spread * proofs.first.ours,
      ),
      reason: 'node:crypto imports the key, and verifies that its point is on the curve',
    },
    {
      ...atMost('minting, more than a miss', 100, 'µs of CPU', mintingCpu, 10),
      reason:
        'half of it is the ECDSA signature by node:crypto, in a loop 36 to 45 µs; the thread pool and EdDSA are slower',
    },
    {
      ...atMost(
        'cold, first decision from the token cache',
        20,
        'ms over an empty handler and the latencies',
        over(starts.tokenCache) - COLD_LATENCY,
        noiseOf(starts.tokenCache),
      ),
      detail: `${digits(total(starts.tokenCache))} − ${digits(total(starts.empty))} − ${COLD_LATENCY}`,
      reason: `a bare read of one item takes ${digits(over(starts.bareRead))} ms over the empty handler: Node.js's own crypto, http and https, its root certificates, and a TLS handshake. The rest is a second connection and the code, all of it in INIT`,
    },
    {
      ...ratio('cold, invocation', 1.2, 'ms', 'a bare GetItem on a warm connection, as cold', {
        ours: starts.tokenCache.invocation.elapsed,
        reference: starts.bareRead.invocation.elapsed,
        spread: starts.tokenCache.spread,
      }),
      reason:
        'decryption, checks and log line by code that V8 has compiled but not optimized; INIT runs it once',
    },
    {
      ...ratio(
        cold.isLimited ? 'cold, invocation at 512 MB' : 'cold, invocation at 512 MB (computed)',
        1.2,
        'ms',
        'the same',
        cold.isLimited
          ? {
              ours: starts.limitedTokenCache.invocation.elapsed,
              reference: starts.limitedBareRead.invocation.elapsed,
              spread: starts.limitedTokenCache.spread,
            }
          : {
              ours: atShare(starts.tokenCache.invocation),
              reference: atShare(starts.bareRead.invocation),
              spread: starts.tokenCache.spread,
            },
      ),
      reason: 'as above, with 0.29 of a processor',
    },
    {
      ...coldRatio('cold', 0.3, starts.tokenCache, starts.sdkTokenCache, 'the same on the SDK'),
      reason: `both wait for the same TLS handshakes and latencies: a bare read of one item is at ${digits(over(starts.bareRead) / over(starts.sdkTokenCache))} ×`,
    },
    {
      ...coldRatio(
        'cold',
        1,
        starts.tokenCache,
        starts.jwtAuthorizer,
        'a JWT authorizer on aws-jwt-verify that fetches its keys',
      ),
      reason: 'two services are read instead of one, the secret before the entry',
    },
    atMost('bundle', 100, 'KB minified', bytes.plain / 1000, 0),
    atMost('bundle with minting', 115, 'KB minified', bytes.minting / 1000, 0),
    atMost('10 000 tokens with JWTs of 1.5 KB', 64, 'MB of heap', heapBytes / 2 ** 20, 0.5),
    atMost(
      'introspections for a token, 10 000 requests for 100',
      1,
      '',
      Math.max(...introspections),
      0,
    ),
    {
      ...ratio(
        'decision with 100 to 100 000 tokens',
        1.15,
        'µs',
        'that with one',
        worst ?? { ours: 0, reference: 0, spread: 0 },
      ),
      reason:
        "ten thousand entries do not fit the processor's caches: finding one takes as many steps as among a hundred",
    },
  ];
}

type Ratio = Omit<Compared, 'difference'>;

/** Share of a processor at 512 MB. */
const SHARE = 512 / 1769;

function atShare({ elapsed, cpu }: ColdMedians['invocation']): number {
  return elapsed + cpu * (1 / SHARE - 1);
}

export function total({ init, invocation }: ColdMedians): number {
  return init.elapsed + invocation.elapsed;
}

function cpuDetail({ ours, reference }: Compared): string {
  return `${digits(ours)} and ${digits(reference)}, in pairs`;
}

function atMost(path: string, limit: number, unit: string, figure: number, noise: number): Goal {
  return { path, unit, limit, figure, noise };
}

function ratio(path: string, limit: number, unit: string, what: string, compared: Ratio): Goal {
  const { ours, reference, spread } = compared;
  const figure = ours / reference;
  const detail = `${digits(ours)} : ${digits(reference)} ${unit}`;
  return { path, unit: `× ${what}`, limit, figure, noise: figure * spread, detail };
}

export function digits(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}

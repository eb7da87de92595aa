import { JwtRsaVerifier } from 'aws-jwt-verify';
import {
  assertAllowed,
  authorize,
  invocation,
  MINTING,
  newAccessToken,
  startFunction,
} from './function';
import { measureProofs, type ProofTimes } from './proof';
import { createReference } from './reference';
import { cpuMicroseconds, elapsedMicroseconds, interleave, median } from './sample';
import { AUDIENCE, ISSUER } from './servers/phantom-token';
import type { Backend } from './servers/start';

/** Runs in a process of its own, on Lambda's Node.js, with the function's environment and log output. */

export interface InProcessResults {
  readonly nodeVersion: string;
  /** Microseconds of processor time. */
  readonly memoryHit: { readonly ours: number; readonly reference: number };
  readonly proofs: ProofTimes;
  /** Microseconds, and of processor time. */
  readonly tokenCacheHit: Remote;
  readonly miss: Remote;
  /** A miss with `cache.coalesceIntrospections` off. */
  readonly missNotCoalesced: Remote;
  /** A miss whose phantom token is minted. */
  readonly missMinted: Remote;
  /** Processor time of a decision in microseconds, by the number of tokens in the memory cache. */
  readonly growth: readonly { readonly tokens: number; readonly decision: number }[];
  /** Growth of the heap with 10 000 tokens, in bytes. */
  readonly heapBytes: number;
  /** The hundred tokens of `sharedTokens`. */
  readonly shared: readonly string[];
}

interface Remote {
  readonly ours: number;
  readonly reference: number;
  readonly ourCpu: number;
}

const bundle = process.argv[2] ?? '';
const backend: Backend = JSON.parse(process.env['BENCH_BACKEND'] ?? '');

const EMBEDDED = { AWS_ENDPOINT_URL_DYNAMODB: backend.dynamoDbEndpoint };
const QUICK = { AWS_ENDPOINT_URL_DYNAMODB: backend.quickDynamoDbEndpoint };

const MEMORY_ROUNDS = 60;
const DECISIONS_PER_ROUND = 500;
/** Rounds that are not measured, so that the compiler has optimized the code. */
const WARM_UP_ROUNDS = 2000;
const REMOTE_ROUNDS = 1500;
const CPU_ROUNDS = 500;
const GROWTH = [1, 100, 10_000, 100_000];

async function main(): Promise<void> {
  const results: InProcessResults = {
    nodeVersion: process.versions.node,
    memoryHit: await memoryHit(),
    proofs: await measureProofs(),
    tokenCacheHit: await tokenCacheHit(),
    miss: await miss({}),
    missNotCoalesced: await miss({ CACHE_COALESCE_INTROSPECTIONS: 'false' }),
    ...(await growth()),
    shared: await sharedTokens(),
    // Last, since its variables stay set.
    missMinted: await miss(MINTING),
  };
  process.send?.(results, () => process.disconnect());
}

async function memoryHit() {
  const handler = startFunction(bundle);
  const token = newAccessToken();
  await authorize(handler, token);
  const verifier = JwtRsaVerifier.create({
    ...{ issuer: ISSUER, audience: AUDIENCE, jwksUri: 'https://login.example.com/jwks' },
  });
  verifier.cacheJwks(backend.jwks as Parameters<typeof verifier.cacheJwks>[0]);
  const decide = () => decisions(handler, () => token);
  const verify = () => {
    for (let n = 0; n < DECISIONS_PER_ROUND; n += 1) verifier.verifySync(backend.jwt);
  };
  const contenders = { ours: decide, reference: verify };
  await interleave(10, contenders, cpuMicroseconds);
  const { ours, reference } = await interleave(MEMORY_ROUNDS, contenders, cpuMicroseconds);
  return {
    ours: median(ours) / DECISIONS_PER_ROUND,
    reference: median(reference) / DECISIONS_PER_ROUND,
  };
}

/** Runs decisions with one event, whose token is replaced each time. */
async function decisions(handler: ReturnType<typeof startFunction>, token: () => string) {
  const [event, context] = invocation('');
  for (let n = 0; n < DECISIONS_PER_ROUND; n += 1) {
    const authorization = `Bearer ${token()}`;
    event.headers['Authorization'] = authorization;
    event.multiValueHeaders['Authorization'] = [authorization];
    assertAllowed(await handler(event, context));
  }
}

async function tokenCacheHit(): Promise<Remote> {
  const tokens = Array.from(
    { length: WARM_UP_ROUNDS + REMOTE_ROUNDS + CPU_ROUNDS },
    newAccessToken,
  );
  const writer = startFunction(bundle, EMBEDDED);
  for (const token of tokens) await authorize(writer, token);
  const handler = startFunction(bundle, EMBEDDED);
  const { putItem, getItem } = createReference(backend);
  // As large as ours: the sealed JWT in base64.
  await putItem('reference', 'A'.repeat(2100));
  const next = () => authorize(handler, tokens.pop() ?? '');
  return remote(next, () => getItem('reference'));
}

async function miss(setting: Record<string, string>): Promise<Remote> {
  const handler = startFunction(bundle, {
    ...EMBEDDED,
    CACHE_COALESCE_INTROSPECTIONS: 'true',
    ...setting,
  });
  const { introspect, putItem, getItem } = createReference(backend);
  const bare = async () => {
    const token = newAccessToken();
    await getItem(token);
    await introspect(token);
    await putItem(token, 'A'.repeat(2100));
  };
  return remote(() => authorize(handler, newAccessToken()), bare);
}

async function remote(ours: () => unknown, reference: () => unknown): Promise<Remote> {
  const contenders = { ours, reference };
  await interleave(WARM_UP_ROUNDS, contenders, elapsedMicroseconds);
  const taken = await interleave(REMOTE_ROUNDS, contenders, elapsedMicroseconds);
  const cpu = await cpuMicroseconds(async () => {
    for (let n = 0; n < CPU_ROUNDS; n += 1) await ours();
  });
  return {
    ours: median(taken.ours),
    reference: median(taken.reference),
    ourCpu: cpu / CPU_ROUNDS,
  };
}

/** Decisions while more and more tokens are known; the first ten thousand are also weighed. */
async function growth() {
  const handler = startFunction(bundle, QUICK);
  const tokens: string[] = [newAccessToken()];
  await authorize(handler, tokens[0] ?? '');
  // Loads what is loaded lazily, so that it does not count as cached tokens.
  await authorize(handler, newAccessToken());
  const empty = heap();
  let heapBytes = 0;
  const steps: { tokens: number; decision: number }[] = [];
  for (const size of GROWTH) {
    while (tokens.length < size) {
      const batch = Array.from({ length: Math.min(20, size - tokens.length) }, newAccessToken);
      await Promise.all(batch.map((token) => authorize(handler, token)));
      tokens.push(...batch);
    }
    if (size === 10_000) heapBytes = heap() - empty - tokens.length * 64;
    // The memory cache is bounded: of more tokens it holds the ones used last.
    const held = tokens.slice(-5000);
    const any = () => held[Math.floor(Math.random() * held.length)] ?? '';
    const taken = await interleave(60, { any: () => decisions(handler, any) }, cpuMicroseconds);
    steps.push({ tokens: size, decision: median(taken.any) / DECISIONS_PER_ROUND });
  }
  return { growth: steps, heapBytes };
}

function heap(): number {
  for (let n = 0; n < 3; n += 1) global.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Ten thousand requests, fifty at a time, for a hundred tokens in one environment. */
async function sharedTokens(): Promise<string[]> {
  const handler = startFunction(bundle, QUICK);
  const tokens = Array.from({ length: 100 }, newAccessToken);
  let left = 10_000;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      await authorize(handler, tokens[Math.floor(Math.random() * tokens.length)] ?? '');
    }
  };
  await Promise.all(Array.from({ length: 50 }, client));
  return tokens;
}

void main();

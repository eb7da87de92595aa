import { JwtRsaVerifier } from 'aws-jwt-verify';
import { type Compared, compared } from './compared';
import { assertAllowed, authorize, MINTING, newAccessToken, startFunction } from './function';
import { measureGrowth } from './growth';
import { invocation } from './invocation';
import { measureProofs, type ProofTimes } from './proof';
import { createReference } from './reference';
import { cpuMicroseconds, elapsedMicroseconds, interleave, rounds } from './sample';
import { AUDIENCE, ISSUER } from './servers/claims';
import { type Backend, setLatencies } from './servers/start';

/** Runs in a process of its own, on Lambda's Node.js, with the function's environment and log output. */

export interface InProcessResults {
  readonly nodeVersion: string;
  /** Microseconds of processor time. */
  readonly memoryHit: Compared;
  readonly proofs: ProofTimes;
  readonly tokenCacheHit: Remote;
  readonly miss: Remote;
  /** Processor time that a minted phantom token takes in addition, in microseconds. */
  readonly mintingCpu: number;
  /** Processor time of a decision in microseconds, by the number of tokens in the memory cache. */
  readonly growth: readonly { readonly tokens: number; readonly decision: Compared }[];
  /** Growth of the heap with 10 000 tokens, in bytes. */
  readonly heapBytes: number;
  /** The hundred tokens of `sharedTokens`. */
  readonly shared: readonly string[];
}

/** Microseconds, elapsed and of processor time. */
interface Remote extends Compared {
  readonly cpu: Compared;
}

const bundle = process.argv[2] ?? '';
const remote: Backend = JSON.parse(process.env['BENCH_REMOTE'] ?? '');
const local: Backend = JSON.parse(process.env['BENCH_LOCAL'] ?? '');

/** Variables of a function whose services are near or far. */
const services = (backend: Backend) => ({
  AWS_ENDPOINT_URL_DYNAMODB: backend.dynamoDbEndpoint,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: backend.secretsManagerEndpoint,
  INTROSPECTION_ENDPOINT: backend.introspectionEndpoint,
  POWERTOOLS_LOG_LEVEL: 'INFO',
});

/** Variables of a function that has no token cache, so that it can be filled soon. */
const withoutTokenCache = {
  ...services(local),
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9/',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};

const MEMORY_ROUNDS = rounds(60);
const DECISIONS_PER_ROUND = 500;
/** Rounds that are not measured, so that the compiler has optimized the code. */
const WARM_UP_ROUNDS = rounds(1500);
const CPU_ROUNDS = rounds(40);
const CALLS_PER_CPU_ROUND = 20;
/** More rounds, since the difference is small compared with a miss. */
const MINTING_ROUNDS = rounds(100);

const report = (what: string) => process.send?.({ progress: what });

async function main(): Promise<void> {
  report('memory cache');
  const memory = await memoryHit();
  report('DPoP proofs');
  const proofs = await measureProofs();
  report('growth of the memory cache');
  const grown = await measureGrowth(() => startFunction(bundle, withoutTokenCache), decisions);
  report('introspections of shared tokens');
  const shared = await sharedTokens();
  report('token cache');
  const hit = await tokenCacheHit();
  report('miss');
  const missed = await miss();
  report('minting');
  const results: InProcessResults = {
    nodeVersion: process.versions.node,
    memoryHit: memory,
    proofs,
    ...grown,
    shared,
    tokenCacheHit: hit,
    miss: missed,
    // Last, since its variables stay set.
    mintingCpu: await mintingCpu(),
  };
  process.send?.({ results }, () => process.disconnect());
}

async function memoryHit(): Promise<Compared> {
  const handler = startFunction(bundle, services(local));
  const token = newAccessToken();
  await authorize(handler, token);
  const verifier = JwtRsaVerifier.create({
    ...{ issuer: ISSUER, audience: AUDIENCE, jwksUri: 'https://login.example.com/jwks' },
  });
  verifier.cacheJwks(local.jwks as Parameters<typeof verifier.cacheJwks>[0]);
  const contenders = {
    ours: () => decisions(handler, () => token),
    reference() {
      for (let n = 0; n < DECISIONS_PER_ROUND; n += 1) verifier.verifySync(local.jwt);
    },
  };
  await interleave(10, contenders, cpuMicroseconds);
  return compared(
    await interleave(MEMORY_ROUNDS, contenders, cpuMicroseconds),
    DECISIONS_PER_ROUND,
  );
}

async function decisions(handler: ReturnType<typeof startFunction>, token: () => string) {
  const authorize = oneByOne(handler);
  for (let n = 0; n < DECISIONS_PER_ROUND; n += 1) await authorize(token());
}

/**
 * Returns a function that calls another one for one request at a time. All have the same event, whose token is replaced:
 * making an event would be measured with the decision.
 */
function oneByOne(handler: ReturnType<typeof startFunction>) {
  const [event, context] = invocation('');
  return async (accessToken: string): Promise<void> => {
    const authorization = `Bearer ${accessToken}`;
    event.headers['Authorization'] = authorization;
    event.multiValueHeaders['Authorization'] = [authorization];
    assertAllowed(await handler(event, context));
  };
}

async function tokenCacheHit(): Promise<Remote> {
  const measuredRounds = rounds(600);
  const calls = WARM_UP_ROUNDS + measuredRounds + CPU_ROUNDS * CALLS_PER_CPU_ROUND;
  const tokens = Array.from({ length: calls }, newAccessToken);
  const writer = startFunction(bundle, services(remote));
  for (let n = 0; n < calls; n += 20) {
    await Promise.all(tokens.slice(n, n + 20).map((token) => authorize(writer, token)));
  }
  const authorizeNext = oneByOne(startFunction(bundle, services(remote)));
  const { update, getItem } = createReference(remote);
  // As large as ours: the sealed JWT in base64.
  await update('reference', 'A'.repeat(2100));
  return compareRemote(measuredRounds, {
    ours: () => authorizeNext(tokens.pop() ?? ''),
    reference: () => getItem('reference'),
  });
}

async function miss(): Promise<Remote> {
  const authorizeNext = oneByOne(startFunction(bundle, services(remote)));
  const { introspect, create, update, getItem } = createReference(remote);
  return compareRemote(rounds(200), {
    ours: () => authorizeNext(newAccessToken()),
    async reference() {
      const token = newAccessToken();
      await getItem(token);
      await create(token);
      await introspect(token);
      await update(token, 'A'.repeat(2100));
    },
  });
}

/** Compares the time with latencies, and the processor time without. */
async function compareRemote(
  measuredRounds: number,
  contenders: Readonly<Record<'ours' | 'reference', () => Promise<unknown>>>,
): Promise<Remote> {
  await interleave(WARM_UP_ROUNDS, contenders, elapsedMicroseconds);
  const repeated = (run: () => Promise<unknown>) => async () => {
    for (let n = 0; n < CALLS_PER_CPU_ROUND; n += 1) await run();
  };
  const blocks = { ours: repeated(contenders.ours), reference: repeated(contenders.reference) };
  const cpu = await interleave(CPU_ROUNDS, blocks, cpuMicroseconds);
  await setLatencies(remote, true);
  const elapsed = await interleave(measuredRounds, contenders, elapsedMicroseconds);
  await setLatencies(remote, false);
  return { ...compared(elapsed), cpu: compared(cpu, CALLS_PER_CPU_ROUND) };
}

async function mintingCpu(): Promise<number> {
  const start = (variables: Record<string, string>) => {
    const authorizeNext = oneByOne(startFunction(bundle, { ...services(local), ...variables }));
    return async () => {
      for (let n = 0; n < CALLS_PER_CPU_ROUND; n += 1) await authorizeNext(newAccessToken());
    };
  };
  const contenders = { reference: start({}), ours: start(MINTING) };
  await interleave(50, contenders, cpuMicroseconds);
  const taken = await interleave(MINTING_ROUNDS, contenders, cpuMicroseconds);
  return compared(taken, CALLS_PER_CPU_ROUND).difference;
}

/** Ten thousand requests, fifty at a time, for a hundred tokens in one environment. */
async function sharedTokens(): Promise<string[]> {
  const handler = startFunction(bundle, services(local));
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

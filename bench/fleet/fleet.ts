import { createAuthorizer } from '../../lambda/authorizer';
import type { CachedResult, CacheLimits } from '../../lambda/core/cache-lifetime';
import type { Source } from '../../lambda/core/decision';
import { Fault } from '../../lambda/core/errors';
import { createCircuitBreaker } from '../../lambda/io/circuit-breaker';
import { seededRandom } from '../../test/support/seeded-random';
import { startEnvironment } from '../../test/support/token-cache-fleet';
import { createVirtualTime, type VirtualTime } from '../../test/support/virtual-time';
import { type Behavior, createAuthorizationServer } from './authorization-server';
import { createTable, type Table } from './table';

export const MAX_TTL_SECONDS = 300;
const LIMITS: CacheLimits = {
  maxTtlSeconds: MAX_TTL_SECONDS,
  inactiveTtlSeconds: 10,
  cacheControl: 'respect',
};
const NO_REQUIREMENTS = {
  issuer: undefined,
  audience: [],
  scopes: [[]],
  notBeforeToleranceSeconds: 60,
};
/** Number of operations of each kind that have longer timeouts, because the environment is new. */
const COLD_OPERATIONS = 3;

/** One request: the latency that the authorizer adds, and the source of the facts. */
export interface Sample {
  readonly ms: number;
  readonly source: Source | 'fault';
}

type Authorizer = ReturnType<typeof createAuthorizer>;

/** Execution environments with the cache code of the function, one table and one authorization server. */
export interface Fleet {
  readonly time: VirtualTime;
  readonly table: Table;
  readonly server: ReturnType<typeof createAuthorizationServer>;
  readonly size: number;
  readonly random: () => number;
  /** Sends a request to an environment, after a pause. */
  request(environment: number, accessToken: string, afterMs?: number): Promise<Sample>;
}

/** Starts a fleet whose environments have served requests before. */
export async function startFleet(size: number, behavior: Behavior, seed: number): Promise<Fleet> {
  const time = createVirtualTime();
  const random = seededRandom(seed);
  const table = createTable(time, random);
  const server = createAuthorizationServer(typeof behavior === 'number' ? behavior : 100);
  const authorizers = await Promise.all(
    Array.from({ length: size }, (_, index) =>
      startAuthorizer(time, table, server, seededRandom(seed * 10_007 + index + 1)),
    ),
  );

  async function request(environment: number, accessToken: string, afterMs = 0): Promise<Sample> {
    if (afterMs > 0) await time.sleep(afterMs);
    const began = time.elapsed();
    const headers = { Authorization: `Bearer ${accessToken}` };
    const source = await (authorizers[environment] as Authorizer)
      .authorize({ headers }, NO_REQUIREMENTS)
      .then(
        (decided) => decided.source,
        (error: unknown) => {
          if (error instanceof Fault) return 'fault' as const;
          throw error;
        },
      );
    return { ms: time.elapsed() - began, source };
  }

  const warmUp = Array.from({ length: size }, (_, index) =>
    request(index, `warm-up-${index}`, random() * 1000),
  );
  await time.run(Promise.all(warmUp));
  server.become(behavior);
  return { time, table, server, size, random, request };
}

async function startAuthorizer(
  time: VirtualTime,
  table: Table,
  server: Fleet['server'],
  random: () => number,
): Promise<Authorizer> {
  const { cache, clock, reads, writes } = startEnvironment(time, table, {
    maxTtlSeconds: MAX_TTL_SECONDS,
    random,
  });
  for (let count = 0; count < COLD_OPERATIONS; count += 1) {
    await reads('read', async () => undefined);
    await writes('store', async () => undefined);
  }
  const guard = createCircuitBreaker({
    isDown: (error) => error instanceof Fault && error.code === 'introspection_timed_out',
    openError: (cause) => new Fault('introspection_timed_out', 'circuit breaker open', { cause }),
    now: () => clock.elapsed() / 1000,
  });
  // A plain map: the tables of the real memory cache take 2 MB in each environment.
  const memory = new Map<string, CachedResult>();
  return createAuthorizer({
    limits: LIMITS,
    ports: {
      introspect: (accessToken) => guard(() => server.introspect(accessToken, clock), accessToken),
      memoryCache: memory as never,
      tokenCache: cache,
      now: clock.now,
      random,
    },
  });
}

import { timeBudget } from '../../lambda/cache/time-budget';
import { createTokenCache, type TokenCacheOptions } from '../../lambda/cache/token-cache';
import type { CachedResult } from '../../lambda/core/cache-lifetime';
import type { ClientCredentials } from '../../lambda/core/client-credentials';
import { parseTokenInfo } from '../../lambda/core/phantom-token';
import { createTableCircuitBreaker } from '../../lambda/io/aws/table-circuit-breaker';
import type { createModelTable } from './model-table';
import { seededRandom } from './seeded-random';
import { facts, jws } from './tokens';
import type { VirtualTime } from './virtual-time';

export const CREDENTIALS: ClientCredentials = {
  kind: 'secret',
  clientId: 'gateway',
  secret: 's'.repeat(32),
};

/** Different in each environment, and the same in each run. */
let seed = 0;

export const TABLE_TIMEOUT_MS = 50;
export const INTROSPECTION_MS = 3000;
export const BUDGET = timeBudget(INTROSPECTION_MS, TABLE_TIMEOUT_MS);

/** The token cache of one execution environment over virtual time and a model of the table. */
export function startEnvironment(
  time: VirtualTime,
  table: ReturnType<typeof createModelTable>,
  options: Partial<TokenCacheOptions> & { readonly skewSeconds?: number } = {},
) {
  const environment = time.environment(options.skewSeconds);
  const { clock } = environment;
  const faults: unknown[] = [];
  const onFault = (operation: string, error: unknown) => void faults.push([operation, error]);
  const breaker = () => createTableCircuitBreaker({ timeoutMs: TABLE_TIMEOUT_MS, onFault, clock });
  const [reads, writes] = [breaker(), breaker()];
  const cache = createTokenCache({
    table: table.connect(clock),
    identity: ['endpoint'],
    parse: (text) => parseTokenInfo(text),
    credentials: { get: async () => CREDENTIALS, reread: async () => CREDENTIALS },
    reads,
    writes,
    maxTtlSeconds: 300,
    coalesceIntrospections: true,
    ...BUDGET,
    onFault,
    onWeakKey: () => undefined,
    clock,
    random: seededRandom(++seed),
    ...options,
  });
  return { ...environment, cache, faults, reads, writes };
}

/** A result whose JWT names the access token and the introspection it came from. */
export function resultOf(
  accessToken: string,
  introspection: number,
  expiresAt: number,
): CachedResult {
  const jwt = jws({ sub: accessToken, jti: String(introspection) });
  return { facts: facts({}, jwt), expiresAt };
}

/** The access token and the introspection that a result came from. */
export function originOf(result: CachedResult): { token: string; introspection: number } {
  if (!('facts' in result)) throw new Error('the result is of an inactive token');
  const payload = result.facts.jwt.split('.')[1] ?? '';
  const { sub, jti } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return { token: sub, introspection: Number(jti) };
}

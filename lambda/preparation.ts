import { randomBytes } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { createAuthorizer } from './authorizer';
import { createMemoryCache } from './cache/memory-cache';
import { PREPARATION_TIMEOUT_MS } from './cache/time-budget';
import { createTokenCache, type TokenCacheOptions } from './cache/token-cache';
import type { TokenCacheEntries } from './cache/token-cache-entries';
import type { CachedResult } from './core/cache-lifetime';
import type { AuthorizerConfig } from './core/config';
import type { AuthorizerEvent } from './core/gateway-request';
import type { Clock } from './core/ports';
import { createGatewayHandler } from './gateway-handler';
import { COLD_START_TIMEOUT_MS, createTableCircuitBreaker } from './io/aws/table-circuit-breaker';
import type { Item } from './io/aws/token-table';
import { systemClock } from './io/system-clock';
import type { Telemetry } from './io/telemetry/telemetry';
import { withTimeout } from './io/timeout';

export interface PreparationOptions {
  readonly config: AuthorizerConfig;
  /** Entries of the token cache, which keep the keys that they derive. */
  readonly entries: TokenCacheEntries;
  readonly tokenCache: TokenCacheOptions;
  /** Resolves when the signing keys are known; `undefined` if no phantom tokens are minted. */
  readonly signingKeys: (() => Promise<void>) | undefined;
  readonly telemetry: Telemetry;
  /** Timer of the deadline. @default - that of the environment */
  readonly clock?: Pick<Clock, 'after'>;
}

/** Id that no entry of the token cache has. */
const ABSENT_ID = 'preparation';

/**
 * Creates the preparation of the first request, which runs while Lambda initializes the environment, with more
 * processor time than an invocation has at most memory sizes. In parallel it reads the secrets and opens the
 * connection to DynamoDB that the first lookup uses. Then it decides about a made-up token, for a made-up entry
 * of the token cache, so that no request waits for code that runs for the first time.
 *
 * Only the connections, secrets and keys are kept: the caches of the made-up request are its own. It never fails: what
 * fails is logged, and neither shortens nor stops the rest. The first request does it again, and reports its own error.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
export function createPreparation(options: PreparationOptions): () => Promise<void> {
  const { config, entries, tokenCache, signingKeys, telemetry, clock = systemClock } = options;

  async function run(): Promise<void> {
    const accessToken = randomBytes(24).toString('base64url');
    const [entry, ...others] = await Promise.allSettled([
      entries.of(accessToken),
      config.cache.maxTtlSeconds > 0 ? openConnection() : undefined,
      signingKeys?.(),
    ]);
    if (entry.status === 'fulfilled') {
      const item = entry.value.store(madeUpResult(options));
      await decideOn(accessToken, item, options);
    }
    for (const step of [entry, ...others]) if (step.status === 'rejected') throw step.reason;
  }

  /** Opens the connection to DynamoDB. It is not awaited longer than the first lookup would await it. */
  function openConnection(): Promise<unknown> {
    const timeoutError = () =>
      new Error(`the table did not respond within ${COLD_START_TIMEOUT_MS} ms`);
    return withTimeout(COLD_START_TIMEOUT_MS, tokenCache.table.get(ABSENT_ID), clock, timeoutError);
  }

  return async function prepare() {
    const timeoutError = () => new Error(`not prepared within ${PREPARATION_TIMEOUT_MS} ms`);
    try {
      await withTimeout(PREPARATION_TIMEOUT_MS, run(), clock, timeoutError);
      telemetry.logPreparation();
    } catch (error) {
      telemetry.logPreparation(error);
    }
  };
}

/** Returns a table with one item, and circuit breakers of its own. */
function tableOf(
  item: Item,
  { clock }: TokenCacheOptions,
): Pick<TokenCacheOptions, 'table' | 'reads' | 'writes'> {
  const table = { get: async () => item, update: async () => ({ updated: true }) as const };
  const limits = { timeoutMs: COLD_START_TIMEOUT_MS, onFault: () => undefined, clock };
  const breaker = createTableCircuitBreaker(limits);
  return { table, reads: breaker, writes: breaker };
}

/**
 * Returns a result that the configuration accepts. Where phantom tokens are minted it is an inactive one: a
 * phantom token of an unknown key would have the signing keys read again.
 */
function madeUpResult({ config, tokenCache }: PreparationOptions): CachedResult {
  const expiresAt = Math.floor(systemClock.now()) + 60;
  if (config.mint) return { invalid: 'token_inactive', expiresAt };
  const { issuer: iss, audience: aud } = config.token;
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const header = { alg: 'ES256', typ: config.introspection.response.types?.[0] ?? 'at+jwt' };
  const jwt = `${encode(header)}.${encode({ iss, aud, sub: 'none', exp: expiresAt })}.none`;
  const facts = tokenCache.parse(jwt);
  return facts ? { facts, expiresAt } : { invalid: 'token_inactive', expiresAt };
}

/** Decides as the function does for a request, but with caches of its own, and without a log line. */
async function decideOn(
  accessToken: string,
  item: Item,
  { config, entries, tokenCache, telemetry }: PreparationOptions,
): Promise<void> {
  const authorizer = createAuthorizer({
    limits: config.cache,
    ports: {
      memoryCache: createMemoryCache(),
      tokenCache: createTokenCache({ ...tokenCache, ...tableOf(item, tokenCache) }, entries),
      introspect: () => Promise.reject(new Error('a made-up token is not introspected')),
      now: systemClock.now,
      random: Math.random,
    },
  });
  const silent = { ...telemetry, logDecision: () => undefined, logFault: () => undefined };
  const decide = createGatewayHandler({ config, authorizer, telemetry: silent });
  const context = { awsRequestId: '' } as Context;
  // The decision itself does not matter: the made-up token lacks scopes, at least.
  await decide(madeUpEvent(config, accessToken), context).catch(() => undefined);
}

/** Returns an event of a route of the first API. */
function madeUpEvent({ scopeRules }: AuthorizerConfig, accessToken: string): AuthorizerEvent {
  const [apiId = 'none', rules] = scopeRules.entries().next().value ?? [];
  const route = rules?.routes.keys().next().value ?? '';
  const authorization = `Bearer ${accessToken}`;
  const [httpMethod = '', resource = '/'] = route.includes(' ') ? route.split(' ') : ['GET', route];
  return {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:region:account:${apiId}/stage/GET/`,
    ...{ httpMethod, resource, path: '/' },
    headers: { Authorization: authorization },
    multiValueHeaders: { Authorization: [authorization] },
    requestContext: { apiId, requestId: '' },
  } as unknown as AuthorizerEvent;
}

import { readBearerCredential } from './core/bearer-credential';
import { type CachedAnswer, type CacheLimits, cacheLifetime } from './core/cache-lifetime';
import {
  type Decision,
  decide,
  type Requirements,
  type Source,
  unauthorized,
} from './core/decision';
import type { Introspection } from './core/introspection-response';
import type { Facts } from './core/phantom-token';
import type { MemoryCache } from './io/memory-cache';
import type { TokenCache } from './io/token-cache';

/** The outside world, as the authorizer sees it. */
export interface Ports {
  /** Throws a Fault for every answer that is neither yes nor no. */
  readonly introspect: (accessToken: string) => Promise<Introspection>;
  readonly memoryCache: MemoryCache;
  readonly tokenCache: TokenCache;
  /** Digest under which both caches know an access token. */
  readonly entryId: (accessToken: string) => string;
  /** Epoch seconds. */
  readonly now: () => number;
}

export interface AuthorizationRequest {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
}

export interface AuthorizerOptions {
  readonly limits: CacheLimits;
  readonly ports: Ports;
}

interface Found {
  readonly facts: Facts | undefined;
  readonly source: Source;
}

/** Takes the credential, finds the facts (memory, token cache, introspection) and decides. */
export function createAuthorizer({ limits, ports }: AuthorizerOptions) {
  const { memoryCache, tokenCache, introspect, entryId, now } = ports;
  const lookups = new Map<string, Promise<Found>>();

  return async function authorize(
    request: AuthorizationRequest,
    requirements: Requirements,
  ): Promise<{ readonly decision: Decision; readonly source: Source }> {
    const credential = readBearerCredential(request);
    if ('denied' in credential) {
      return { decision: unauthorized(credential.denied), source: 'request' };
    }
    const { facts, source } = await find(credential.accessToken);
    return { decision: decide(facts, requirements, now()), source };
  };

  async function find(accessToken: string): Promise<Found> {
    const id = entryId(accessToken);
    const remembered = memoryCache.get(id);
    if (isLive(remembered)) return { facts: remembered.facts, source: 'memory' };
    // Concurrent requests for one token share a lookup, whatever becomes of it.
    const current = lookups.get(id) ?? lookUp(id, accessToken).finally(() => lookups.delete(id));
    lookups.set(id, current);
    return current;
  }

  async function lookUp(id: string, accessToken: string): Promise<Found> {
    const cached = limits.maxTtlSeconds > 0 ? await tokenCache.get(id, accessToken) : undefined;
    if (isLive(cached)) {
      memoryCache.set(id, cached);
      return { facts: cached.facts, source: 'token_cache' };
    }
    const introspection = await introspect(accessToken);
    await remember(id, accessToken, introspection);
    return { facts: introspection.facts, source: 'introspection' };
  }

  async function remember(id: string, accessToken: string, introspection: Introspection) {
    const { facts } = introspection;
    const expiresAt = Math.floor(now() + cacheLifetime(introspection, limits, now()));
    if (expiresAt <= now()) return;
    memoryCache.set(id, { facts, expiresAt });
    // Awaited: after its answer the environment may freeze with the write under way.
    if (facts !== undefined) await tokenCache.put(id, accessToken, facts, expiresAt);
  }

  function isLive(answer: CachedAnswer | undefined): answer is CachedAnswer {
    return answer !== undefined && now() < answer.expiresAt;
  }
}

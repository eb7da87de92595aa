import { type RequestHeaders, readBearerCredential } from './core/bearer-credential';
import { type CachedAnswer, type CacheLimits, cacheLifetime } from './core/cache-lifetime';
import {
  type Decision,
  decide,
  type Requirements,
  type Source,
  unauthorized,
} from './core/decision';
import type { Introspection, TokenStatus } from './core/introspection-response';
import { isExpired } from './core/phantom-token';
import type { Ports } from './core/ports';

export interface AuthorizerOptions {
  readonly limits: CacheLimits;
  readonly ports: Ports;
}

interface Found {
  readonly status: TokenStatus;
  readonly source: Source;
}

/** Takes the credential, finds the facts (memory, token cache, introspection) and decides. */
export function createAuthorizer({ limits, ports }: AuthorizerOptions) {
  const { memoryCache, tokenCache, introspect, entryId, now } = ports;
  const lookups = new Map<string, Promise<Found>>();

  return async function authorize(
    request: RequestHeaders,
    requirements: Requirements,
  ): Promise<{ readonly decision: Decision; readonly source: Source }> {
    const credential = readBearerCredential(request);
    if ('denied' in credential) {
      return { decision: unauthorized(credential.denied), source: 'request' };
    }
    const { status, source } = await find(credential.accessToken);
    return { decision: decide(status, requirements, now()), source };
  };

  async function find(accessToken: string): Promise<Found> {
    const id = entryId(accessToken);
    const remembered = memoryCache.get(id);
    if (isLive(remembered)) return { status: remembered, source: 'memory' };
    // Concurrent requests for one token share a lookup, whatever becomes of it.
    const current = lookups.get(id) ?? lookUp(id, accessToken).finally(() => lookups.delete(id));
    lookups.set(id, current);
    return current;
  }

  async function lookUp(id: string, accessToken: string): Promise<Found> {
    const cached = limits.maxTtlSeconds > 0 ? await tokenCache.get(id, accessToken) : undefined;
    if (isLive(cached)) {
      memoryCache.set(id, cached);
      return { status: cached, source: 'token_cache' };
    }
    const introspection = await introspect(accessToken);
    await remember(id, accessToken, introspection);
    return { status: introspection, source: 'introspection' };
  }

  async function remember(id: string, accessToken: string, introspection: Introspection) {
    const expiresAt = Math.floor(now() + cacheLifetime(introspection, limits, now()));
    if (expiresAt <= now()) return;
    memoryCache.set(id, { ...introspection, expiresAt });
    if ('facts' in introspection && !isExpired(introspection.facts, now())) {
      // Awaited: after its answer the environment may freeze with the write under way.
      await tokenCache.put(id, accessToken, introspection.facts, expiresAt);
    }
  }

  function isLive(answer: CachedAnswer | undefined): answer is CachedAnswer {
    return answer !== undefined && now() < answer.expiresAt;
  }
}

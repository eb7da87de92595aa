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
import { memoryId } from './core/memory-id';
import { ALONE, type Ports } from './core/ports';

export interface AuthorizerOptions {
  readonly limits: CacheLimits;
  readonly ports: Ports;
}

/** Takes the credential, finds the facts (memory, token cache, introspection) and decides. */
export interface Authorizer {
  authorize(
    request: RequestHeaders,
    requirements: Requirements,
  ): Promise<{ readonly decision: Decision; readonly source: Source }>;
  /** Removes what the caches of this environment, and the token cache, know of an access token. */
  forget(accessToken: string): Promise<void>;
}

interface Found {
  readonly status: TokenStatus;
  readonly source: Source;
}

export function createAuthorizer({ limits, ports }: AuthorizerOptions): Authorizer {
  const { memoryCache, tokenCache, introspect, now } = ports;
  const lookups = new Map<string, Promise<Found>>();

  async function find(accessToken: string): Promise<Found> {
    const id = memoryId(accessToken);
    const remembered = memoryCache.get(id);
    if (remembered !== undefined && now() < remembered.expiresAt) {
      return { status: remembered, source: 'memory' };
    }
    // Concurrent requests for one token share a lookup, whatever becomes of it.
    const current = lookups.get(id) ?? lookUp(id, accessToken).finally(() => lookups.delete(id));
    lookups.set(id, current);
    return current;
  }

  async function lookUp(id: string, accessToken: string): Promise<Found> {
    const found = limits.maxTtlSeconds > 0 ? await tokenCache.find(accessToken) : ALONE;
    if (!('end' in found)) {
      memoryCache.set(id, found);
      return { status: found, source: 'token_cache' };
    }
    const introspection = await introspect(accessToken).catch(async (error: unknown) => {
      await found.abandon();
      throw error;
    });
    const answer = withEnd(introspection);
    if (now() < answer.expiresAt) memoryCache.set(id, answer);
    // Awaited: after its answer the environment may freeze with a write under way.
    await found.end(answer);
    return { status: introspection, source: 'introspection' };
  }

  /** An answer that may not be kept ends at once. */
  function withEnd(introspection: Introspection): CachedAnswer {
    const expiresAt = Math.floor(now() + cacheLifetime(introspection, limits, now()));
    return { ...introspection, expiresAt };
  }

  return {
    async authorize(request, requirements) {
      const credential = readBearerCredential(request);
      if ('denied' in credential) {
        return { decision: unauthorized(credential.denied), source: 'request' };
      }
      const { status, source } = await find(credential.accessToken);
      return { decision: decide(status, requirements, now()), source };
    },
    async forget(accessToken) {
      const id = memoryId(accessToken);
      // What is being looked up may be what is to be forgotten, and would be kept afterwards.
      const settled = () => lookups.get(id)?.catch(() => undefined);
      await settled();
      await tokenCache.forget(accessToken);
      await settled();
      memoryCache.delete(id);
    },
  };
}

import { readBearerCredential } from './core/bearer-credential';
import { type CachedResult, type CacheLimits, cacheLifetime } from './core/cache-lifetime';
import {
  type Decision,
  decide,
  type Requirements,
  type Source,
  unauthorized,
} from './core/decision';
import type { Introspection, TokenStatus } from './core/introspection-response';
import { memoryCacheKey } from './core/memory-cache-key';
import { type IntrospectionLease, NO_LEASE, type Ports } from './core/ports';
import type { RequestHeaders } from './core/request-headers';
import type { Sender } from './core/sender-constraint';
import { createSingleFlight } from './core/single-flight';

export interface AuthorizerOptions {
  readonly limits: CacheLimits;
  readonly ports: Ports;
}

/** Takes the credential, finds the facts (memory, token cache, introspection) and decides. */
export interface Authorizer {
  /**
   * @param sender properties by which the sender proves possession; `undefined` where tokens that are bound to their
   * senders are refused.
   */
  authorize(
    request: RequestHeaders,
    requirements: Requirements,
    sender?: Sender,
  ): Promise<{ readonly decision: Decision; readonly source: Source }>;
  /** Removes an access token from the memory cache of this environment and from the token cache. */
  invalidate(accessToken: string): Promise<void>;
}

interface Resolved {
  readonly status: TokenStatus;
  readonly source: Source;
}

export function createAuthorizer({ limits, ports }: AuthorizerOptions): Authorizer {
  const { memoryCache, tokenCache, introspect, verifySender, now } = ports;
  const lookups = createSingleFlight<Resolved>();

  async function resolve(accessToken: string): Promise<Resolved> {
    const id = memoryCacheKey(accessToken);
    const remembered = memoryCache.get(id);
    if (remembered !== undefined && now() < remembered.expiresAt) {
      return { status: remembered, source: 'memory' };
    }
    return lookups.run(() => lookUp(id, accessToken), id);
  }

  async function lookUp(id: string, accessToken: string): Promise<Resolved> {
    const cached = limits.maxTtlSeconds > 0 ? await tokenCache.getOrAcquire(accessToken) : NO_LEASE;
    if ('complete' in cached) return introspectUnder(cached, id, accessToken);
    memoryCache.set(id, cached);
    return { status: cached, source: 'token_cache' };
  }

  async function introspectUnder(
    lease: IntrospectionLease,
    id: string,
    accessToken: string,
  ): Promise<Resolved> {
    try {
      const began = now();
      const introspection = await introspect(accessToken);
      const result = withExpiry(introspection, began);
      // Awaited: after its response the environment may freeze with a write under way.
      const isCurrent = await lease.complete(result);
      if (isCurrent && now() < result.expiresAt) memoryCache.set(id, result);
      return { status: introspection, source: 'introspection' };
    } catch (error) {
      await lease.release(error);
      throw error;
    }
  }

  /**
   * Returns the result with its expiry, which counts from the start of the introspection: what the
   * authorization server said may be as old as that, also if the environment was frozen meanwhile.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9111#section-4.2.3
   */
  function withExpiry(introspection: Introspection, began: number): CachedResult {
    const expiresAt = Math.floor(began + cacheLifetime(introspection, limits, began));
    return { ...introspection, expiresAt };
  }

  return {
    async authorize(request, requirements, sender) {
      const credential = readBearerCredential(request, sender !== undefined);
      if ('denied' in credential) {
        return { decision: unauthorized(credential.denied), source: 'request' };
      }
      const { status, source } = await resolve(credential.accessToken);
      if (sender === undefined || verifySender === undefined || 'invalid' in status) {
        return { decision: decide(status, requirements, now()), source };
      }
      const denial = await verifySender(sender, credential, status.facts);
      const decision = denial
        ? unauthorized(denial.reason, denial.comparison)
        : decide(status, requirements, now(), true);
      return { decision, source };
    },
    async invalidate(accessToken) {
      const id = memoryCacheKey(accessToken);
      // A lookup under way would put its result into memory afterwards.
      await lookups.settled(id);
      await tokenCache.invalidate(accessToken);
      await lookups.settled(id);
      memoryCache.delete(id);
    },
  };
}

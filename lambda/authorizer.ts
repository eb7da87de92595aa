import { readBearerCredential } from './core/bearer-credential';
import {
  type CachedResult,
  type CacheLimits,
  cacheLifetime,
  type RememberedResult,
  renewalTime,
} from './core/cache-lifetime';
import {
  type Decision,
  decide,
  type Requirements,
  type Source,
  unauthorized,
} from './core/decision';
import { Fault } from './core/errors';
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
  const { memoryCache, tokenCache, introspect, verifySender, now, random } = ports;
  const lookups = createSingleFlight<Resolved>();

  async function resolve(accessToken: string): Promise<Resolved> {
    const id = memoryCacheKey(accessToken);
    const remembered = memoryCache.get(id);
    if (remembered === undefined || now() >= remembered.expiresAt) {
      return lookups.run(() => lookUp(id, accessToken), id);
    }
    if (now() < (remembered.renewAt ?? Infinity)) return { status: remembered, source: 'memory' };
    return lookups.run(() => renew(remembered, id, accessToken), id);
  }

  async function lookUp(id: string, accessToken: string): Promise<Resolved> {
    const cached = limits.maxTtlSeconds > 0 ? await tokenCache.getOrAcquire(accessToken) : NO_LEASE;
    if (!('complete' in cached)) return remember(cached, id, 'token_cache');
    try {
      return await introspectUnder(cached, id, accessToken);
    } catch (error) {
      await cached.release(error);
      throw error;
    }
  }

  /**
   * Renews a result before it expires: the other environments find the new one, and need not wait at the
   * expiry. If the introspection fails, the lease is left to expire, so that they do not all try.
   */
  async function renew(
    known: RememberedResult,
    id: string,
    accessToken: string,
  ): Promise<Resolved> {
    // Tried once in each environment.
    memoryCache.set(id, { ...known, renewAt: undefined });
    try {
      const found = await tokenCache.getOrAcquire(accessToken, known);
      if ('complete' in found) return await introspectUnder(found, id, accessToken);
      if (found !== known) return remember(found, id, 'token_cache');
    } catch (error) {
      if (!(error instanceof Fault) || now() >= known.expiresAt) throw error;
    }
    if (now() < known.expiresAt) return { status: known, source: 'memory' };
    return lookUp(id, accessToken);
  }

  async function introspectUnder(
    lease: IntrospectionLease,
    id: string,
    accessToken: string,
  ): Promise<Resolved> {
    const began = now();
    const introspection = await introspect(accessToken);
    const result = withExpiry(introspection, began);
    // Awaited: after its response the environment may freeze with a write under way.
    const isCurrent = await lease.complete(result);
    if (isCurrent && now() < result.expiresAt) remember(result, id, 'introspection');
    // A result that was known before, and renewed by this one, must not be served again.
    else memoryCache.delete(id);
    return { status: introspection, source: 'introspection' };
  }

  function remember(result: CachedResult, id: string, source: Source): Resolved {
    memoryCache.set(id, { ...result, renewAt: renewalTime(result, now(), random()) });
    return { status: result, source };
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

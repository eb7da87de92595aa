import type { RequiredClaim } from './claims';
import type { Introspection, TokenStatus } from './introspection-response';
import { isExpired } from './phantom-token';

/** Result that the memory cache and the token cache hold. */
export type CachedResult = TokenStatus & {
  /** Expiry in whole epoch seconds. From then on the result counts as absent. */
  readonly expiresAt: number;
};

/** Result in the memory cache of one execution environment. */
export type RememberedResult = CachedResult & {
  /** Time from which a request renews the result, in epoch seconds; `undefined` if none does. */
  readonly renewAt?: number | undefined;
};

/** Limits of the lifetimes in the caches. */
export interface CacheLimits {
  /** Ceiling for active tokens, in seconds; 0 turns the memory and token cache off. */
  readonly maxTtlSeconds: number;
  /** Lifetime of inactive results (negative caching), in seconds; 0 turns it off. */
  readonly inactiveTtlSeconds: number;
  /** `ignore` caches responses although the authorization server forbids it. */
  readonly cacheControl: 'respect' | 'ignore';
  /** Claims without which every decision is a denial. */
  readonly requiredClaims?: readonly RequiredClaim[];
}

/** Lifetime of results without an expiry of their own, in seconds. */
export const UNBOUNDED_RESULT_TTL_SECONDS = 60;

/**
 * Returns the lifetime of an introspection result, in seconds; 0 if it must not be cached. It is the minimum
 * of the token's remaining life, the response's freshness lifetime and the configured ceiling.
 *
 * This is an application cache as RFC 7662 allows it, not an HTTP cache: those would never reuse the
 * response to such a POST.
 *
 * @param now epoch seconds.
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-4
 */
export function cacheLifetime(
  introspection: Introspection,
  limits: CacheLimits,
  now: number,
): number {
  const { maxTtlSeconds, inactiveTtlSeconds, requiredClaims = [] } = limits;
  const lockOut = Math.min(inactiveTtlSeconds, maxTtlSeconds);
  // Cache-Control does not apply: servers forbid caching of inactive responses as of all others. The operator's
  // setting bounds the lock-out.
  if ('invalid' in introspection || isExpired(introspection.facts, now)) return lockOut;
  const { freshness } = introspection;
  const respected = limits.cacheControl === 'respect';
  const fresh = respected ? freshnessLifetime(freshness.cacheControl, freshness.age) : undefined;
  const { claims } = introspection.facts;
  const { exp } = claims;
  const unbounded = exp === undefined && fresh === undefined;
  const life = exp === undefined ? Infinity : exp - now;
  // WSO2 omits `aud` at times: the next response may have it.
  const isDenied = requiredClaims.some((name) => claims[name] === undefined);
  const ceiling = isDenied
    ? lockOut
    : Math.min(maxTtlSeconds, unbounded ? UNBOUNDED_RESULT_TTL_SECONDS : Infinity);
  return Math.max(0, Math.min(life, fresh ?? Infinity, ceiling));
}

/** Last part of an entry's lifetime, in which it is renewed, as a share. */
const RENEWAL_SHARE = 0.1;

/**
 * Returns the time from which an environment renews a result, in epoch seconds: a random one in the last
 * tenth of the life that the result has left, so that a fleet does not renew it at once. Inactive results
 * and those that expire with their token are not renewed: `undefined`.
 *
 * @param now epoch seconds.
 * @param random from 0 to 1.
 * @see https://cseweb.ucsd.edu/~avattani/papers/cache_stampede.pdf
 */
export function renewalTime(result: CachedResult, now: number, random: number): number | undefined {
  if ('invalid' in result) return undefined;
  const { facts, expiresAt } = result;
  const expiresWithToken = Math.floor(facts.claims.exp ?? Infinity) <= expiresAt;
  return expiresWithToken ? undefined : expiresAt - random * RENEWAL_SHARE * (expiresAt - now);
}

/**
 * Returns the freshness lifetime of `Cache-Control`, in seconds; `undefined` if it has no such directive.
 * Directives are read as a list; repeated or malformed ones count as stale.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1
 */
function freshnessLifetime(
  cacheControl: string | undefined,
  age: string | undefined,
): number | undefined {
  const directives = (cacheControl ?? '').split(',').map((directive) => {
    const [name = '', value] = directive.split('=', 2);
    return { name: name.trim().toLowerCase(), value: value?.trim().replace(/^"(.*)"$/, '$1') };
  });
  if (directives.some(({ name }) => name === 'no-store' || name === 'no-cache')) return 0;
  // The token cache is shared by all execution environments, hence s-maxage before max-age.
  for (const wanted of ['s-maxage', 'max-age']) {
    const found = directives.filter(({ name }) => name === wanted);
    if (found.length > 0) return Math.max(0, onlySeconds(found) - (deltaSeconds(age) ?? 0));
  }
  return undefined;
}

function onlySeconds(directives: readonly { readonly value: string | undefined }[]): number {
  const [directive] = directives;
  return directives.length === 1 ? (deltaSeconds(directive?.value) ?? 0) : 0;
}

/** Numbers too large to hold count as 2^31. @see https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2 */
function deltaSeconds(text: string | undefined): number | undefined {
  return /^\d+$/.test(text ?? '') ? Math.min(Number(text), 2 ** 31) : undefined;
}

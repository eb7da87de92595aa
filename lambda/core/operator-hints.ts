import { type CacheLimits, cacheLifetime } from './cache-lifetime';
import type { Introspection } from './introspection-response';
import { hasExpiry, isExpired } from './phantom-token';

/** Number of inactive tokens, without an active one, that suggests a wrong configuration. */
const SUSPICIOUS_INACTIVE_TOKENS = 20;

/** The names under which the authorization server is configured. */
export interface ServerNames {
  readonly endpoint: URL;
  readonly issuer: string | undefined;
}

/** Returns the hint for a server that calls every token inactive. */
export function allInactiveHint({ endpoint, issuer }: ServerNames): string {
  const issuerHost = issuer !== undefined && URL.canParse(issuer) ? new URL(issuer).host : '';
  const hosts =
    issuerHost === '' || issuerHost === endpoint.host
      ? endpoint.host
      : `${endpoint.host}; the host of token.issuer is ${issuerHost}`;
  return (
    `The first ${SUSPICIOUS_INACTIVE_TOKENS} access tokens were all inactive. If some were good: does the ` +
    "authorization server require the introspection client to be in the token's audience (Keycloak since " +
    '26.6.2, ZITADEL)? Were the tokens issued under the host name that they are introspected at ' +
    `(${hosts})? Keycloak calls others inactive: set its option hostname.`
  );
}

export const NOT_CACHED_HINT =
  "The authorization server's Cache-Control header forbids caching, so every request that API Gateway's " +
  'result cache does not serve is introspected. To cache all the same, set ' +
  'cache.cacheControl to "ignore".';

export const UNTYPED_HINT =
  'A response had no token_type, so its token was refused: some servers mark refresh tokens and ' +
  "authorization codes by that alone. If the authorization server's responses never have it, and it calls " +
  'its refresh tokens inactive (django-oauth-toolkit, LemonLDAP::NG), set token.untyped to "accept".';

export const NO_EXPIRY_HINT =
  'A phantom token has no claim exp, so the upstream API would accept it forever. Have the authorization ' +
  'server add exp to its JWTs. The caches keep such a token for at most 60 seconds, unless Cache-Control ' +
  'says otherwise.';

export const WEAK_CACHE_KEY_HINT =
  'The client secret has fewer than 32 characters, and the token cache is sealed with it: with ' +
  'one access token and read access to the table, it can be guessed offline. Add a cache_key to the secret ' +
  '(openssl rand -base64 32), or have the authorization server issue a longer client secret.';

/**
 * Watches introspections for mistakes that no single response shows. Each hint is given once.
 *
 * @returns a function that takes each introspection, and the current time in epoch seconds.
 */
export function createOperatorHints(limits: CacheLimits, server: ServerNames) {
  let inactive = 0;
  let seenActive = false;
  let cachingHinted = false;
  let untypedHinted = false;
  let expiryHinted = false;

  return function hintAfter(introspection: Introspection, now: number): string | undefined {
    const reason = 'invalid' in introspection ? introspection.invalid : undefined;
    if (reason === 'token_inactive') {
      inactive += 1;
      const suspicious = !seenActive && inactive === SUSPICIOUS_INACTIVE_TOKENS;
      return suspicious ? allInactiveHint(server) : undefined;
    }
    seenActive = true;
    if ('invalid' in introspection) {
      const isUntyped = introspection.comparison?.received === '(absent)';
      if (reason !== 'token_not_access_token' || !isUntyped || untypedHinted) return undefined;
      untypedHinted = true;
      return UNTYPED_HINT;
    }
    if (!expiryHinted && !hasExpiry(introspection.facts)) {
      expiryHinted = true;
      return NO_EXPIRY_HINT;
    }
    if (cachingHinted || limits.maxTtlSeconds === 0 || isExpired(introspection.facts, now)) {
      return undefined;
    }
    cachingHinted = cacheLifetime(introspection, limits, now) === 0;
    return cachingHinted ? NOT_CACHED_HINT : undefined;
  };
}

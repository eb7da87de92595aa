import type { CacheLimits } from '../core/cache-lifetime';
import { CLAIM_NAMES } from '../core/claims';
import type { AuthorizerConfig } from '../core/config';
import type { CacheIdentity } from './sealed-entry';

/** Returns everything that shapes the facts: two configurations that differ in it never share an entry. */
export function cacheIdentity({
  introspection,
  token,
  mint,
  limits,
}: Pick<AuthorizerConfig, 'introspection' | 'token'> & {
  readonly mint?: AuthorizerConfig['mint'];
  readonly limits: CacheLimits;
}): CacheIdentity {
  const { endpoint, accept, parameters, response, credentialsSecretArn } = introspection;
  return [
    endpoint.href,
    accept,
    JSON.stringify(parameters),
    JSON.stringify(response),
    token.jwksUri?.href ?? '',
    credentialsSecretArn,
    // Expiries were computed with these: a lower ceiling also holds for what was cached before.
    JSON.stringify([
      limits.maxTtlSeconds,
      limits.inactiveTtlSeconds,
      limits.cacheControl,
      limits.requiredClaims,
    ]),
    ...(mint ? [JSON.stringify([mint, token.issuer])] : []),
    // An entry of another version can lack members that are checked now.
    CLAIM_NAMES.join(' '),
  ];
}

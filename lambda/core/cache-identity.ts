import type { AuthorizerConfig } from './config';
import type { CacheIdentity } from './sealed-entry';

/** Returns everything that shapes the facts: two configurations that differ in it never share an entry. */
export function cacheIdentity({
  introspection,
  token,
  cache,
}: Pick<AuthorizerConfig, 'introspection' | 'token' | 'cache'>): CacheIdentity {
  const { endpoint, accept, parameters, response, credentialsSecretArn } = introspection;
  return [
    endpoint.href,
    accept,
    JSON.stringify(parameters),
    JSON.stringify(response),
    token.jwksUri?.href ?? '',
    credentialsSecretArn,
    // Expiries were computed with these: a lower ceiling also holds for what was cached before.
    JSON.stringify([cache.maxTtlSeconds, cache.inactiveTtlSeconds, cache.cacheControl]),
  ];
}

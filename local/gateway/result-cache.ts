import { LRUCache } from 'lru-cache';
import type { Authorizer } from './authorizer-model';
import type { AuthorizerResult } from './authorizer-result';

/** API Gateway's own cache of authorizer results. */
export interface ResultCache {
  get(key: string): AuthorizerResult | undefined;
  set(key: string, result: AuthorizerResult, ttlSeconds: number): void;
  clear(): void;
}

/** @param now milliseconds since the epoch */
export function createResultCache(now: () => number): ResultCache {
  // Bounded so that a long-running local mode does not grow with each token.
  const entries = new LRUCache<string, { result: AuthorizerResult; expiresAt: number }>({
    max: 10_000,
  });
  return {
    get(key) {
      const entry = entries.get(key);
      return entry && now() < entry.expiresAt ? entry.result : undefined;
    },
    set(key, result, ttlSeconds) {
      entries.set(key, { result, expiresAt: now() + ttlSeconds * 1000 });
    },
    clear: () => entries.clear(),
  };
}

/**
 * The key holds every identity source, the authorizer and the stage, and nothing else: a result is
 * replayed for each method and path that shares them.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization-with-console.html
 */
export function cacheKey(
  authorizer: Authorizer,
  stage: string,
  identityValues: readonly string[],
): string {
  return JSON.stringify([authorizer.authorizerId, stage, ...identityValues]);
}

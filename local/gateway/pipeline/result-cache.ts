import { LRUCache } from 'lru-cache';

/** API Gateway's own cache of authorizer results. */
export interface ResultCache {
  get(key: string): unknown;
  set(key: string, result: unknown, ttlSeconds: number): void;
  clear(): void;
}

/** @param now milliseconds since the epoch */
export function createResultCache(now: () => number): ResultCache {
  // Bounded so that a long-running local mode does not grow with each token.
  const entries = new LRUCache<string, { result: unknown; expiresAt: number }>({ max: 10_000 });
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

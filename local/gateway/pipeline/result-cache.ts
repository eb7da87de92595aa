import { LRUCache } from 'lru-cache';

/** Result cache: API Gateway's cache of authorizer results. */
export interface ResultCache {
  get(key: string): unknown;
  set(key: string, result: unknown, ttlSeconds: number): void;
  clear(): void;
  /** Returns the number of results that have not expired. */
  size(): number;
}

/** Maximum number of results, so that memory is bounded in a long-running local mode. */
const MAX_ENTRIES = 10_000;

/**
 * Creates an empty result cache.
 *
 * @param nowMs returns the time in milliseconds since the epoch
 */
export function createResultCache(nowMs: () => number): ResultCache {
  const entries = new LRUCache<string, { result: unknown; expiresAtMs: number }>({
    // Unlike `max`, this bound allocates nothing in advance.
    maxSize: MAX_ENTRIES,
    sizeCalculation: () => 1,
  });
  return {
    get(key) {
      const entry = entries.get(key);
      return entry && nowMs() < entry.expiresAtMs ? entry.result : undefined;
    },
    set(key, result, ttlSeconds) {
      entries.set(key, { result, expiresAtMs: nowMs() + ttlSeconds * 1000 });
    },
    clear: () => entries.clear(),
    size: () => [...entries.values()].filter(({ expiresAtMs }) => nowMs() < expiresAtMs).length,
  };
}

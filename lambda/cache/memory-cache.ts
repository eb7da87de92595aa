import { LRUCache } from 'lru-cache';
import type { CachedResult } from '../core/cache-lifetime';
import { serializeTokenInfo } from '../core/phantom-token';
import type { MemoryCache } from '../core/ports';

/** Maximum number and size of the active entries of one execution environment. */
const MAX_ACTIVE_ENTRIES = 10_000;
const MAX_ACTIVE_BYTES = 32 * 1024 * 1024;
/** Invalid tokens use a separate LRU cache, so that a flood of them cannot evict active entries. */
const MAX_INVALID_ENTRIES = 10_000;
/** Approximate size of an entry in addition to its facts (id, claims, bookkeeping), in bytes. */
const ENTRY_OVERHEAD_BYTES = 1024;

/** Creates the memory cache, bounded by entries and bytes. It evicts the least recently used entry. */
export function createMemoryCache(): MemoryCache {
  const active = new LRUCache<string, CachedResult>({
    max: MAX_ACTIVE_ENTRIES,
    maxSize: MAX_ACTIVE_BYTES,
    sizeCalculation: (answer) =>
      ENTRY_OVERHEAD_BYTES + ('facts' in answer ? serializeTokenInfo(answer.facts).length : 0),
  });
  // Created for the first invalid token: allocating it takes time at a cold start.
  let invalid: LRUCache<string, CachedResult> | undefined;

  return {
    get: (id) => active.get(id) ?? invalid?.get(id),
    set(id, answer) {
      if ('facts' in answer) {
        invalid?.delete(id);
        active.set(id, answer);
      } else {
        active.delete(id);
        invalid ??= new LRUCache({ max: MAX_INVALID_ENTRIES });
        invalid.set(id, answer);
      }
    },
    delete(id) {
      active.delete(id);
      invalid?.delete(id);
    },
  };
}

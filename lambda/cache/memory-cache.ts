import { LRUCache } from 'lru-cache';
import type { CachedResult } from '../core/cache-lifetime';
import { serializeTokenInfo } from '../core/phantom-token';
import type { MemoryCache } from '../core/ports';

/** Active tokens of one execution environment: at most so many, and so many bytes of facts. */
const MAX_ACTIVE_ENTRIES = 10_000;
const MAX_ACTIVE_BYTES = 32 * 1024 * 1024;
/** Invalid tokens have a room of their own, so that a flood of them evicts no live entry. */
const MAX_INVALID_ENTRIES = 10_000;
/** What an entry takes beside its facts: id, claims and bookkeeping, in bytes, roughly. */
const ENTRY_OVERHEAD_BYTES = 1024;

/** The memory cache, bounded by entries and bytes; the least recently used go first. */
export function createMemoryCache(): MemoryCache {
  const active = new LRUCache<string, CachedResult>({
    max: MAX_ACTIVE_ENTRIES,
    maxSize: MAX_ACTIVE_BYTES,
    sizeCalculation: (answer) =>
      ENTRY_OVERHEAD_BYTES + ('facts' in answer ? serializeTokenInfo(answer.facts).length : 0),
  });
  // Made for the first invalid token: it reserves its room at once, which takes time at a cold start.
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

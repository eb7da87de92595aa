import { LRUCache } from 'lru-cache';
import type { RememberedResult } from '../core/cache-lifetime';
import type { MemoryCache } from '../core/ports';
import { retainedBytes } from './retained-size';

const MIB = 1024 * 1024;
/** Size of the tables that an LRU cache of 10 000 entries allocates in advance, in bytes. */
const TABLE_BYTES = 2 * MIB;
/** Maximum number of active tokens in one execution environment, and bytes of the heap that they take. */
const MAX_ACTIVE_ENTRIES = 10_000;
const MAX_ACTIVE_BYTES = 32 * MIB - TABLE_BYTES;
/** Invalid tokens use a separate LRU cache, so that a flood of them cannot evict active entries. */
const MAX_INVALID_ENTRIES = 10_000;
const MAX_INVALID_BYTES = 8 * MIB - TABLE_BYTES;
/** Size of an entry's key and of the bookkeeping for it, in bytes. */
const ENTRY_OVERHEAD_BYTES = 200;

/** Creates the memory cache, bounded by entries and bytes. It evicts the least recently used entry. */
export function createMemoryCache(): MemoryCache {
  const active = new LRUCache<string, RememberedResult>({
    max: MAX_ACTIVE_ENTRIES,
    maxSize: MAX_ACTIVE_BYTES,
    sizeCalculation: sizeOfEntry,
  });
  // Created for the first invalid token: allocating it takes time at a cold start.
  let invalid: LRUCache<string, RememberedResult> | undefined;

  return {
    get: (id) => active.get(id) ?? invalid?.get(id),
    set(id, result) {
      if ('facts' in result) {
        invalid?.delete(id);
        active.set(id, result);
      } else {
        active.delete(id);
        invalid ??= new LRUCache({
          max: MAX_INVALID_ENTRIES,
          maxSize: MAX_INVALID_BYTES,
          sizeCalculation: sizeOfEntry,
        });
        invalid.set(id, result);
      }
    },
    delete(id) {
      active.delete(id);
      invalid?.delete(id);
    },
  };
}

function sizeOfEntry(result: RememberedResult): number {
  return ENTRY_OVERHEAD_BYTES + retainedBytes(result);
}

import type { RememberedResult } from '../core/cache-lifetime';
import type { MemoryCache } from '../core/ports';
import { createLruMap } from './lru-map';
import { retainedBytes } from './retained-size';

const MIB = 1024 * 1024;
/** Maximum size of a table of 10 000 entries, also while it is copied to another, in bytes. */
const TABLE_BYTES = 2 * MIB;
/** Maximum number of active tokens in one execution environment, and bytes of the heap that they take. */
const MAX_ACTIVE_ENTRIES = 10_000;
const MAX_ACTIVE_BYTES = 32 * MIB - TABLE_BYTES;
/** Invalid tokens use a separate map, so that a flood of them cannot evict active entries. */
const MAX_INVALID_ENTRIES = 10_000;
const MAX_INVALID_BYTES = 8 * MIB - TABLE_BYTES;
/** Size of an entry's key and of the bookkeeping for it, in bytes. */
const ENTRY_OVERHEAD_BYTES = 200;

/** Creates the memory cache, bounded by entries and bytes. It evicts the least recently used entry. */
export function createMemoryCache(): MemoryCache {
  const active = createLruMap({
    maxEntries: MAX_ACTIVE_ENTRIES,
    maxBytes: MAX_ACTIVE_BYTES,
    bytesOf: sizeOfEntry,
  });
  const invalid = createLruMap({
    maxEntries: MAX_INVALID_ENTRIES,
    maxBytes: MAX_INVALID_BYTES,
    bytesOf: sizeOfEntry,
  });

  return {
    get: (id) => active.get(id) ?? invalid.get(id),
    set(id, result) {
      const [own, other] = 'facts' in result ? [active, invalid] : [invalid, active];
      other.delete(id);
      own.set(id, result);
    },
    delete(id) {
      active.delete(id);
      invalid.delete(id);
    },
  };
}

function sizeOfEntry(result: RememberedResult): number {
  return ENTRY_OVERHEAD_BYTES + retainedBytes(result);
}

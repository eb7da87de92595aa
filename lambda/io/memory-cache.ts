import { LRUCache } from 'lru-cache';
import type { CachedAnswer } from '../core/cache-lifetime';

/** Active tokens of one execution environment: at most so many, and so many bytes of JWTs. */
const MAX_ACTIVE_ENTRIES = 10_000;
const MAX_ACTIVE_BYTES = 32 * 1024 * 1024;
/** Inactive tokens have a room of their own, so that a flood of them evicts no live entry. */
const MAX_INACTIVE_ENTRIES = 10_000;
/** What an entry takes beside its JWT: id, claims and bookkeeping, in bytes, roughly. */
const ENTRY_OVERHEAD_BYTES = 1024;

export interface MemoryCache {
  get(id: string): CachedAnswer | undefined;
  set(id: string, answer: CachedAnswer): void;
}

/** The memory cache of one execution environment. Expiry is the reader's to compare. */
export function createMemoryCache(): MemoryCache {
  const active = new LRUCache<string, CachedAnswer>({
    max: MAX_ACTIVE_ENTRIES,
    maxSize: MAX_ACTIVE_BYTES,
    sizeCalculation: ({ facts }) => ENTRY_OVERHEAD_BYTES + (facts?.jwt.length ?? 0),
  });
  const inactive = new LRUCache<string, CachedAnswer>({ max: MAX_INACTIVE_ENTRIES });

  return {
    get: (id) => active.get(id) ?? inactive.get(id),
    set(id, answer) {
      const [home, other] = answer.facts ? [active, inactive] : [inactive, active];
      other.delete(id);
      home.set(id, answer);
    },
  };
}

/** Bounds of a map, and the size of its entries. */
export interface LruMapOptions<Value> {
  readonly maxEntries: number;
  /** Maximum total size of all entries, in bytes. A larger entry is not kept. */
  readonly maxBytes: number;
  readonly bytesOf: (value: Value) => number;
}

/** A map that evicts the least recently used entries. */
export interface LruMap<Value> {
  /** Returns a value, which counts as a use. */
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

/** Entry in a ring in order of use. */
interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
  readonly bytes: number;
  newer: Entry<Value>;
  older: Entry<Value>;
}

/**
 * Creates a bounded map. A use changes the links of a ring and not the `Map`: V8 keeps deleted entries in its
 * hash chains, so that a key which is deleted and set again at each use would take longer and longer to find.
 */
export function createLruMap<Value>(options: LruMapOptions<Value>): LruMap<Value> {
  const { maxEntries, maxBytes, bytesOf } = options;
  const entries = new Map<string, Entry<Value>>();
  // Its `older` is the newest entry and its `newer` the oldest one.
  const ends = { key: '', bytes: 0 } as Entry<Value>;
  ends.newer = ends;
  ends.older = ends;
  let total = 0;

  function append(entry: Entry<Value>): void {
    entry.older = ends.older;
    entry.newer = ends;
    ends.older.newer = entry;
    ends.older = entry;
  }

  function unlink({ newer, older }: Entry<Value>): void {
    newer.older = older;
    older.newer = newer;
  }

  function remove(entry: Entry<Value> | undefined): void {
    if (entry === undefined) return;
    unlink(entry);
    entries.delete(entry.key);
    total -= entry.bytes;
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.newer !== ends) {
        unlink(entry);
        append(entry);
      }
      return entry.value;
    },
    set(key, value) {
      remove(entries.get(key));
      const bytes = bytesOf(value);
      if (bytes > maxBytes) return;
      const entry = { key, value, bytes, newer: ends, older: ends };
      entries.set(key, entry);
      append(entry);
      total += bytes;
      while (entries.size > maxEntries || total > maxBytes) remove(ends.newer);
    },
    delete: (key) => remove(entries.get(key)),
  };
}

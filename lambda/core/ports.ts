import type { CachedAnswer } from './cache-lifetime';
import type { Introspection } from './introspection-response';
import type { Facts } from './phantom-token';

/** The memory cache of one execution environment. */
export interface MemoryCache {
  /** The entry, also one past its end. */
  get(id: string): CachedAnswer | undefined;
  set(id: string, answer: CachedAnswer): void;
}

/** The token cache that all execution environments share. */
export interface TokenCache {
  /**
   * The entry, also one past its end; `undefined` if there is none that opens, and if the table fails.
   *
   * @throws Fault only if our own client credentials cannot be had: nothing works without them.
   */
  get(id: string, accessToken: string): Promise<CachedAnswer | undefined>;
  /** Keeps an active token's facts. Never throws: the answer at hand matters more. */
  put(id: string, accessToken: string, facts: Facts, expiresAt: number): Promise<void>;
}

/** The outside world, as the authorizer sees it. */
export interface Ports {
  /** Throws a Fault for every answer that is neither yes nor no. */
  readonly introspect: (accessToken: string) => Promise<Introspection>;
  readonly memoryCache: MemoryCache;
  readonly tokenCache: TokenCache;
  /** Digest under which both caches know an access token. */
  readonly entryId: (accessToken: string) => string;
  /** Epoch seconds. */
  readonly now: () => number;
}

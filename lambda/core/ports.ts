import type { CachedAnswer } from './cache-lifetime';
import type { Introspection } from './introspection-response';

/** The memory cache of one execution environment. */
export interface MemoryCache {
  /** The entry, also one past its end. */
  get(id: string): CachedAnswer | undefined;
  set(id: string, answer: CachedAnswer): void;
  delete(id: string): void;
}

/** The token cache that all execution environments share. */
export interface TokenCache {
  /**
   * What another execution environment found out about the access token and still holds, or our turn to
   * find out. While another one is at it, this waits, within bounds. A table that fails knows nothing.
   *
   * @throws Fault only if our own client credentials cannot be had: nothing works without them.
   */
  find(accessToken: string): Promise<CachedAnswer | Turn>;
  /**
   * Removes what is known of the access token.
   *
   * @throws Fault `token_cache_unavailable` if the table fails: whoever asked must know.
   */
  forget(accessToken: string): Promise<void>;
}

/** It falls to us to introspect. */
export interface Turn {
  /** Ends the turn, and tells the others the answer as long as it lives. Never throws. */
  end(answer: CachedAnswer): Promise<void>;
  /** Ends the turn of an introspection that failed. Never throws. */
  abandon(): Promise<void>;
}

/** A turn of which nobody is told: there is no cache to share, or none that works. */
export const ALONE: Turn = { end: async () => undefined, abandon: async () => undefined };

/** The outside world, as the authorizer sees it. */
export interface Ports {
  /** Throws a Fault for every answer that is neither yes nor no. */
  readonly introspect: (accessToken: string) => Promise<Introspection>;
  readonly memoryCache: MemoryCache;
  readonly tokenCache: TokenCache;
  /** Epoch seconds. */
  readonly now: () => number;
}

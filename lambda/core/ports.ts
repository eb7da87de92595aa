import type { AccessTokenCredential } from './bearer-credential';
import type { CachedResult, RememberedResult } from './cache-lifetime';
import type { ProofUse } from './dpop-proof';
import type { HttpResponse } from './http-response';
import type { Introspection } from './introspection-response';
import type { JsonObject } from './json';
import type { TokenInfo } from './phantom-token';
import type { Sender, SenderDenial } from './sender-constraint';

/** The memory cache of one execution environment. */
export interface MemoryCache {
  /** Returns the entry, even if it has expired. */
  get(id: string): RememberedResult | undefined;
  set(id: string, result: RememberedResult): void;
  delete(id: string): void;
}

/** The token cache that all execution environments share. */
export interface TokenCache {
  /**
   * Returns the cached result, or a lease to introspect. Waits (bounded) while another environment holds
   * the lease. Treats a failing table as a miss.
   *
   * @param known a result that is to be renewed. Then this does not wait: it returns a result that
   * differs, a lease, or else the known one.
   * @throws Fault if the client credentials are unavailable, or if the introspection of another
   * environment has just failed.
   */
  getOrAcquire(
    accessToken: string,
    known?: CachedResult,
  ): Promise<CachedResult | IntrospectionLease>;
  /**
   * Removes the cached result and revokes the lease: an introspection that has begun cannot store its
   * result any more.
   *
   * @throws Fault `token_cache_unavailable` if the table fails.
   */
  invalidate(accessToken: string): Promise<void>;
}

/** The time-bounded right to introspect an access token and to share the result. */
export interface IntrospectionLease {
  /**
   * Ends the lease and shares the result until it expires. Never rejects.
   *
   * @returns whether the result is current: `false` if the token was invalidated, or another environment
   * took over, after the introspection began.
   */
  complete(result: CachedResult): Promise<boolean>;
  /** Ends the lease of an introspection that failed, and shares a fault for a second. Never rejects. */
  release(error: unknown): Promise<void>;
}

/** A no-op lease, used when the token cache is disabled or unavailable. */
export const NO_LEASE: IntrospectionLease = {
  complete: async () => true,
  release: async () => undefined,
};

/**
 * Source of phantom tokens: the introspection response, a member of it, or a signature of this deployment.
 */
export interface PhantomTokenSource {
  /**
   * Returns the status of the access token that a response is about, with its phantom token.
   *
   * @throws Fault if the response says neither active nor inactive, or the phantom token cannot be had.
   */
  obtain(response: HttpResponse): Promise<Introspection>;
  /**
   * Reads facts that were serialized for the token cache. Returns `undefined` if the phantom token is not to be
   * used any more.
   */
  parse(text: string): TokenInfo | undefined;
}

/** Signs phantom tokens with a key whose public part is published. */
export interface PhantomTokenSigner {
  /** Resolves when the published keys are known. @throws Fault if they cannot be had. */
  ready(): Promise<void>;
  /** Returns a phantom token with these claims. @throws Fault if it cannot be signed. */
  sign(claims: JsonObject): Promise<string>;
  /** Returns whether the public key is published, so that upstream APIs can verify what the key signed. */
  isPublished(keyId: string): boolean;
}

/** Memory of used proofs, shared by all execution environments. */
export interface ReplayGuard {
  /**
   * Returns whether this is the first use of a proof, and remembers it until the proof expires. Of concurrent
   * uses exactly one is the first.
   *
   * @throws Fault `replay_guard_unavailable` if the table fails.
   */
  isFirstUse(use: ProofUse): Promise<boolean>;
}

/**
 * Verifies that an active token comes from the sender that it is bound to. Returns the denial, if it does not.
 *
 * @throws Fault `replay_guard_unavailable` if a proof could have been used before.
 */
export type SenderVerifier = (
  sender: Sender,
  credential: AccessTokenCredential,
  facts: TokenInfo,
) => Promise<SenderDenial | undefined>;

/** Time, as the caches use it; a simulation replaces it. */
export interface Clock {
  /** Returns the time of day in epoch seconds. Clocks of environments differ. */
  now(): number;
  /** Returns the milliseconds since a fixed point in the past. Never goes back. */
  elapsed(): number;
  /** Calls back after a time, in milliseconds. Returns a function that cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The outside world, as the authorizer sees it. */
export interface Ports {
  /** Introspects a token. Throws a Fault for a response that says neither active nor inactive. */
  readonly introspect: (accessToken: string) => Promise<Introspection>;
  readonly memoryCache: MemoryCache;
  readonly tokenCache: TokenCache;
  /** Verification of senders; absent where tokens that are bound to them are refused. */
  readonly verifySender?: SenderVerifier | undefined;
  /** Epoch seconds. */
  readonly now: () => number;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
}

/** Remaining life of a minted token when the last cache drops it, in seconds. */
export const MINTED_TOKEN_MARGIN_SECONDS = 60;

/** Returns the minimum lifetime of minted tokens, in seconds, so that no cache outlives them. */
export function minLifetimeSeconds(cacheMaxTtlSeconds: number, resultTtlSeconds: number): number {
  return Math.ceil(cacheMaxTtlSeconds + resultTtlSeconds + MINTED_TOKEN_MARGIN_SECONDS);
}

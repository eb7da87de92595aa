/** Treatment of access tokens that are bound to their senders, by a DPoP key or a client certificate. */
export enum SenderConstraint {
  /** Bound tokens are refused. */
  REFUSE = 'refuse',
  /** Bound tokens are accepted from their senders. Other tokens are bearer tokens. */
  ACCEPT = 'accept',
  /** Bound tokens are accepted from their senders. Other tokens are refused. */
  REQUIRE = 'require',
}

/** Returns whether bound tokens are accepted. */
export function acceptsBoundTokens(mode: SenderConstraint): boolean {
  return mode !== SenderConstraint.REFUSE;
}

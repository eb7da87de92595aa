import type { Claims } from './claims';
import type { TokenInvalid, TokenStatus } from './introspection-response';
import { type Facts, isExpired } from './phantom-token';

/** Why a request is denied; the log field `reason`. */
export type DenialReason =
  | 'access_token_missing'
  | 'credential_malformed'
  | TokenInvalid
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_sender_constrained'
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | 'insufficient_scope';

/**
 * The answer to one request. `unauthorized` is RFC 6750's `invalid_token` (401), `forbidden` its
 * `insufficient_scope` (403).
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 */
export type Decision =
  | { readonly outcome: 'allow'; readonly facts: Facts }
  | { readonly outcome: 'unauthorized'; readonly reason: DenialReason }
  | { readonly outcome: 'forbidden'; readonly reason: DenialReason; readonly facts: Facts };

/** Where the facts of a decision came from; `request` if none were needed. */
export type Source = 'request' | 'memory' | 'token_cache' | 'introspection';

/** What must hold for an access token beside being active. */
export interface Requirements {
  /** Checked when given, by exact comparison. */
  readonly issuer: string | undefined;
  /** One of them must be in `aud`; checked when not empty. */
  readonly audience: readonly string[];
  /** One of the lists must have been granted, with all of its scopes. */
  readonly scopes: readonly (readonly string[])[];
}

/** How far the authorization server's clock may run ahead of ours before `nbf` refuses a new token. */
export const NOT_BEFORE_TOLERANCE_SECONDS = 10;

/**
 * Decides from facts, for one route, now.
 *
 * @param now epoch seconds.
 */
export function decide(status: TokenStatus, requirements: Requirements, now: number): Decision {
  if ('invalid' in status) return unauthorized(status.invalid);
  const { facts } = status;
  if (isExpired(facts, now)) return unauthorized('token_expired');
  const invalid = reasonTokenIsInvalid(facts.claims, requirements, now);
  if (invalid) return unauthorized(invalid);
  const granted = facts.claims.scopes ?? [];
  if (!requirements.scopes.some((scopes) => scopes.every((scope) => granted.includes(scope)))) {
    return { outcome: 'forbidden', reason: 'insufficient_scope', facts };
  }
  return { outcome: 'allow', facts };
}

/** A configured check whose claim is absent fails: absence is no consent. */
function reasonTokenIsInvalid(
  claims: Claims,
  { issuer, audience }: Requirements,
  now: number,
): DenialReason | undefined {
  if (claims.nbf !== undefined && now < claims.nbf - NOT_BEFORE_TOLERANCE_SECONDS) {
    return 'token_not_yet_valid';
  }
  // Swapping a bound token for a plain JWT would strip its binding, so it is refused.
  // https://www.rfc-editor.org/rfc/rfc9449#section-7.2
  if (claims.senderConstrained) return 'token_sender_constrained';
  if (issuer !== undefined && claims.iss !== issuer) return 'issuer_mismatch';
  if (audience.length > 0 && !audience.some((ours) => claims.aud?.includes(ours))) {
    return 'audience_mismatch';
  }
  return undefined;
}

export function unauthorized(reason: DenialReason): Decision {
  return { outcome: 'unauthorized', reason };
}

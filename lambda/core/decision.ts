import { type Comparison, compare, compareIdentifying } from './comparison';
import type { TokenInvalid, TokenStatus } from './introspection-response';
import type { McpDenialReason, Refusal } from './mcp-request';
import { isExpired, type TokenInfo } from './phantom-token';
import type { SenderDenialReason } from './sender-constraint';

/** Reason of a denial; the log field `reason`. */
export type DenialReason =
  | 'access_token_missing'
  | 'credential_malformed'
  | TokenInvalid
  | 'token_not_yet_valid'
  | SenderDenialReason
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | McpDenialReason
  | 'insufficient_scope';

/**
 * Decision about one request. `unauthorized` is RFC 6750's `invalid_token` (401), `forbidden` its
 * `insufficient_scope` (403).
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 */
export type Decision =
  | { readonly outcome: 'allow'; readonly facts: TokenInfo }
  | ({ readonly outcome: 'unauthorized' } & Denial)
  | ({
      readonly outcome: 'forbidden';
      readonly facts: TokenInfo;
      /** Scopes that would suffice; empty if none would. */
      readonly requiredScopes: readonly string[];
    } & Denial);

export interface Denial {
  readonly reason: DenialReason;
  /** Both sides of the check that failed, where it compares. */
  readonly comparison?: Comparison;
}

/** Source of the facts of a decision; `request` if none were needed. */
export type Source = 'request' | 'memory' | 'token_cache' | 'introspection';

/** Requirements that an access token must meet in addition to being active. */
export interface Requirements {
  /** Checked when given, by exact comparison. */
  readonly issuer: string | undefined;
  /** One of them must be in `aud`; checked when not empty. */
  readonly audience: readonly string[];
  /** One of the lists must have been granted, with all of its scopes. */
  readonly scopes: readonly (readonly string[])[];
  /** Refusal of the request whatever the scopes of its token; absent if there is none. */
  readonly refusal?: Refusal;
  /** Seconds that the authorization server's clock can run ahead of ours before `nbf` denies a new token. */
  readonly notBeforeToleranceSeconds: number;
}

/**
 * Decides from facts, for one route, now.
 *
 * @param now epoch seconds.
 * @param isSenderVerified whether the sender has proven whatever the token asks for. Otherwise a token that is
 * bound to its sender is denied.
 */
export function decide(
  status: TokenStatus,
  requirements: Requirements,
  now: number,
  isSenderVerified = false,
): Decision {
  if ('invalid' in status) {
    const { invalid: reason, comparison } = status;
    return unauthorized(reason, comparison);
  }
  const { facts } = status;
  const denial = denialOf(facts, requirements, now, isSenderVerified);
  if (denial) return unauthorized(denial.reason, denial.comparison);
  const { scopes: granted } = facts.claims;
  if (requirements.refusal) {
    return { outcome: 'forbidden', ...requirements.refusal, facts, requiredScopes: [] };
  }
  const isGranted = (scope: string) => granted?.includes(scope) ?? false;
  if (!requirements.scopes.some((scopes) => scopes.every(isGranted))) {
    const expected = requirements.scopes.map((scopes) => scopes.join(' ')).join(' or ');
    return {
      outcome: 'forbidden',
      reason: 'insufficient_scope',
      comparison: compareIdentifying(expected, granted),
      facts,
      requiredScopes: nearestScopes(requirements.scopes, isGranted),
    };
  }
  return { outcome: 'allow', facts };
}

/** Returns the list of which the fewest scopes are missing, the first one of several. */
function nearestScopes(
  alternatives: Requirements['scopes'],
  isGranted: (scope: string) => boolean,
): readonly string[] {
  const missing = (scopes: readonly string[]) => scopes.filter((it) => !isGranted(it)).length;
  return [...alternatives].sort((one, other) => missing(one) - missing(other))[0] ?? [];
}

/** Returns why a token is not valid here and now, if so. A configured check fails if its claim is absent. */
function denialOf(
  facts: TokenInfo,
  { issuer, audience, notBeforeToleranceSeconds }: Requirements,
  now: number,
  isSenderVerified: boolean,
): Denial | undefined {
  const { exp, nbf, iss, aud, otherKind, senderConstrained } = facts.claims;
  if (isExpired(facts, now)) {
    return { reason: 'token_expired', comparison: compare(`later than ${now}`, exp) };
  }
  const latestStart = now + notBeforeToleranceSeconds;
  // Negated: a tolerance that is not a number allows nothing.
  if (nbf !== undefined && !(nbf <= latestStart)) {
    return { reason: 'token_not_yet_valid', comparison: compare(`at most ${latestStart}`, nbf) };
  }
  if (otherKind !== undefined) {
    return { reason: 'token_not_access_token', comparison: compare('access token', otherKind) };
  }
  // Swapping a bound token for a plain JWT strips its binding, which must not go unverified.
  // https://www.rfc-editor.org/rfc/rfc9449#section-7.2
  if (senderConstrained && !isSenderVerified) return { reason: 'token_sender_constrained' };
  if (issuer !== undefined && iss !== issuer) {
    return { reason: 'issuer_mismatch', comparison: compare(issuer, iss) };
  }
  if (audience.length > 0 && !audience.some((ours) => aud?.includes(ours))) {
    const comparison = compareIdentifying(audience.join(' or '), aud);
    return { reason: 'audience_mismatch', comparison };
  }
  return undefined;
}

export function unauthorized(reason: DenialReason, comparison?: Comparison): Decision {
  return { outcome: 'unauthorized', reason, ...(comparison && { comparison }) };
}

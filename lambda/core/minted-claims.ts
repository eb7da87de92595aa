import type { Claims } from './claims';
import { compare } from './comparison';
import { invalidResponse } from './errors';
import { isJsonObject, isStringList, type JsonObject } from './json';
import { memberAt } from './member-path';
import { notAccessToken, type Untyped, untypedDenial } from './token-kind';

/** Claims that the operator configures for minted phantom tokens. */
export interface MintRules {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Maximum lifetime of a minted phantom token. The access token's own expiry can be earlier. */
  readonly lifetimeSeconds: number;
  /** Member that names the subject of a response without `sub`; `undefined` for `client_id` only. */
  readonly subject: string | undefined;
  /** Further claims, by the paths of the members that they are copied from. */
  readonly claims: Readonly<Record<string, string>>;
}

/** Members that are copied under their own names where they have the type that their RFCs define. */
const COPIED: Readonly<Record<string, (value: unknown) => boolean>> = {
  // https://www.rfc-editor.org/rfc/rfc9068#section-2.2.1
  auth_time: (value) => Number.isFinite(value),
  acr: (value) => typeof value === 'string',
  amr: isStringList,
  // https://www.rfc-editor.org/rfc/rfc8693#section-4.1
  act: isJsonObject,
};

/**
 * Returns the denial of a token for which no phantom token is minted: one of another kind, or an expired one.
 *
 * @param members the response about an active token.
 * @param stated the claims in it.
 * @param now epoch seconds.
 * @throws Fault `introspection_response_invalid` if the response names neither a subject nor a client.
 */
export function mintDenial(members: JsonObject, stated: Claims, untyped: Untyped, now: number) {
  const { otherKind, sub, clientId, exp } = stated;
  if (otherKind !== undefined) return notAccessToken(compare('access token', otherKind));
  if (!sub && !clientId) throw invalidResponse('the response has neither sub nor client_id');
  if (exp !== undefined && now >= exp) {
    const comparison = compare(`later than ${now}`, exp);
    return { invalid: 'token_expired', comparison } as const;
  }
  return untypedDenial(members, untyped);
}

/**
 * Returns the claims of the phantom token that is minted for an introspection response. It has no claim that
 * is not listed here or in the rules; in particular none of the response's `iss`, `aud` and `cnf`.
 *
 * @param now epoch seconds.
 * @throws Fault `introspection_response_invalid` if the configured subject is not a string.
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 */
export function mintedClaims(
  members: JsonObject,
  { clientId, scopes, sub, exp = Infinity }: Claims,
  { issuer, audience, lifetimeSeconds, subject, claims }: MintRules,
  { now, jti }: { readonly now: number; readonly jti: string },
): JsonObject {
  const iat = Math.floor(now);
  const copied = Object.keys(COPIED).filter((name) => COPIED[name]?.(members[name]));
  const mapped = Object.entries(claims).map(([claim, path]) => [claim, memberAt(members, path)]);
  return Object.fromEntries([
    // First: no rule can replace what follows.
    ...mapped.filter(([, value]) => value !== undefined && value !== null),
    ...copied.map((name) => [name, members[name]]),
    ['iss', issuer],
    ['aud', audience.length === 1 ? audience[0] : audience],
    ['sub', sub || namedSubject(members, subject) || clientId],
    ...(clientId === undefined ? [] : [['client_id', clientId]]),
    ...(scopes?.length ? [['scope', scopes.join(' ')]] : []),
    ['iat', iat],
    // Servers also state fractions of seconds.
    ['exp', Math.floor(Math.min(exp, iat + lifetimeSeconds))],
    ['jti', jti],
  ]);
}

function namedSubject(members: JsonObject, path: string | undefined): string | undefined {
  const value = path === undefined ? undefined : (memberAt(members, path) ?? undefined);
  if (value === undefined || typeof value === 'string') return value;
  throw invalidResponse(`the member that token.mint.subject names is not a string`);
}

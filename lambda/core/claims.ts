import { type Confirmation, combineConfirmations, readConfirmations } from './confirmation';
import { invalidResponse } from './errors';
import { isStringList, type JsonObject } from './json';
import { KIND_MEMBERS, otherKind } from './token-kind';

/** The claims that decisions rest on; `undefined` where one is absent. Times are epoch seconds. */
export interface Claims {
  readonly iss: string | undefined;
  readonly aud: readonly string[] | undefined;
  readonly sub: string | undefined;
  readonly clientId: string | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly exp: number | undefined;
  readonly nbf: number | undefined;
  /** The token is bound to its sender (DPoP, mutual TLS). */
  readonly senderConstrained: boolean;
  /** Confirmations in `cnf`, all of which the sender has to prove; `undefined` if `cnf` is absent. */
  readonly confirmations?: readonly Confirmation[] | undefined;
  /** Statement that the token is not an access token, such as `token_type: Refresh`. */
  readonly otherKind: string | undefined;
}

/** Claims that a configuration can require of every token. */
export type RequiredClaim = 'iss' | 'aud';

/** The members of an introspection response, and claims of a JWT, that are read. */
export const CLAIM_NAMES: readonly string[] = [
  'iss',
  'aud',
  'sub',
  'client_id',
  'scope',
  'exp',
  'nbf',
  'cnf',
  ...KIND_MEMBERS,
];

/**
 * Reads claims from a JWT's payload or an introspection response, which name them alike.
 *
 * @throws Fault `introspection_response_invalid` if one is malformed.
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 */
export function readClaims(source: JsonObject): Claims {
  const tokenType = readString(source, 'token_type');
  return {
    iss: readString(source, 'iss'),
    aud: readList(source, 'aud'),
    sub: readString(source, 'sub'),
    clientId: readString(source, 'client_id'),
    scopes: readList(source, 'scope')?.flatMap((entry) => entry.split(' ').filter(Boolean)),
    exp: readTime(source, 'exp'),
    nbf: readTime(source, 'nbf'),
    // https://www.rfc-editor.org/rfc/rfc9449#section-6.2
    senderConstrained: source['cnf'] !== undefined || tokenType?.toLowerCase() === 'dpop',
    confirmations: readConfirmations(source['cnf']),
    otherKind: otherKind({
      token_type: tokenType,
      token_use: readString(source, 'token_use'),
      typ: readString(source, 'typ'),
    }),
  };
}

/**
 * Combines what an introspection response says with what the JWT in it says. Where both speak, the
 * stricter wins: the earlier end, the later beginning, only scopes and audiences that both name. They
 * may not disagree on who is meant.
 *
 * @param authorizedParty the JWT's claim `azp`. A `client_id` of the response that equals it agrees with
 * the JWT, whose own `client_id` can be another one: after a token exchange Keycloak keeps the client
 * there that got the first token.
 * @throws Fault `introspection_response_invalid` if `iss`, `sub` or `client_id` differ.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken (azp)
 */
export function combineClaims(jwt: Claims, stated: Claims, authorizedParty?: unknown): Claims {
  const isAuthorizedParty = stated.clientId !== undefined && stated.clientId === authorizedParty;
  return {
    iss: agreed('iss', jwt.iss, stated.iss),
    aud: common(jwt.aud, stated.aud),
    sub: agreed('sub', jwt.sub, stated.sub),
    clientId: isAuthorizedParty
      ? stated.clientId
      : agreed('client_id', jwt.clientId, stated.clientId),
    scopes: common(jwt.scopes, stated.scopes),
    exp: choose(Math.min, jwt.exp, stated.exp),
    nbf: choose(Math.max, jwt.nbf, stated.nbf),
    senderConstrained: jwt.senderConstrained || stated.senderConstrained,
    confirmations: combineConfirmations(jwt.confirmations, stated.confirmations),
    otherKind: jwt.otherKind ?? stated.otherKind,
  };
}

function agreed(name: string, one: string | undefined, other: string | undefined) {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  throw invalidResponse(`the introspection response and its JWT disagree on ${name}`);
}

function common(one: readonly string[] | undefined, other: readonly string[] | undefined) {
  return one && other ? one.filter((entry) => other.includes(entry)) : (one ?? other);
}

function choose(
  stricter: (one: number, other: number) => number,
  one: number | undefined,
  other: number | undefined,
): number | undefined {
  return one !== undefined && other !== undefined ? stricter(one, other) : (one ?? other);
}

function readString(source: JsonObject, name: string): string | undefined {
  const value = source[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalidResponse(`${name} is not a string`);
}

/** A NumericDate. @see https://www.rfc-editor.org/rfc/rfc7519#section-2 */
function readTime(source: JsonObject, name: string): number | undefined {
  const value = source[name];
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw invalidResponse(`${name} is not a number of seconds`);
}

/** Reads a list, of which a single string is one: `aud` can be either, and on some servers `scope`. */
function readList(source: JsonObject, name: string): readonly string[] | undefined {
  const value = source[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string') return [value];
  if (isStringList(value)) return value;
  throw invalidResponse(`${name} is neither a string nor a list of strings`);
}

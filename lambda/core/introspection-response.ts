import type { Comparison } from './comparison';
import { invalidResponse } from './errors';
import type { HttpResponse } from './http-response';
import { readPhantomToken, type TokenInfo } from './phantom-token';
import {
  activeMembers,
  assertAnswered,
  type Freshness,
  freshnessOf,
  readJsonResponse,
} from './response-members';
import { type Untyped, untypedDenial } from './token-kind';

export type { HttpResponse } from './http-response';

/**
 * Reason why a token is invalid for every request: the authorization server said so, its signature is wrong,
 * or it is of a kind that no phantom token is minted for.
 */
export type TokenInvalid =
  | 'token_inactive'
  | 'signature_invalid'
  | 'token_expired'
  | 'token_not_access_token';

/** Status of an access token: its facts, or the reason why it is invalid. */
export type TokenStatus =
  | { readonly facts: TokenInfo }
  | {
      readonly invalid: TokenInvalid;
      /** Both sides of the check that failed, if it compares. The token cache does not keep them. */
      readonly comparison?: Comparison;
    };

/** Result of the introspection of one access token. */
export type Introspection = TokenStatus & {
  /** `Cache-Control` and `Age` of the response, which limit its cache lifetime. */
  readonly freshness: Freshness;
};

/** Kind of the authorization server's responses. It is configured, never guessed from a response. */
export interface ResponseRules {
  /**
   * The member of a JSON response that holds the phantom token; `undefined` if the response *is* the
   * phantom token.
   */
  readonly member: string | undefined;
  /** Accepted values of the phantom token's `typ`; `undefined` for the usual ones. */
  readonly types: readonly string[] | undefined;
  /** Treatment of JSON responses without `token_type`. @default 'accept' */
  readonly untyped?: Untyped;
}

/**
 * Reads the response to an introspection request. Only an explicit "inactive" is a denial. A response that
 * says neither "active" nor "inactive" is a fault.
 *
 * @throws Fault `introspection_rejected_client`, `introspection_unavailable` or
 * `introspection_response_invalid`.
 */
export function readIntrospectionResponse(
  response: HttpResponse,
  rules: ResponseRules,
): Introspection {
  return { ...readStatus(response, rules), freshness: freshnessOf(response) };
}

function readStatus(
  response: HttpResponse,
  { member, types, untyped }: ResponseRules,
): TokenStatus {
  if (member !== undefined) return readMember(response, member, types, untyped);
  // An inactive token has no JWT to send: https://curity.io/resources/learn/introspect-with-phantom-token/
  if (response.status === 204) return { invalid: 'token_inactive' };
  assertAnswered(response, 'application/jwt');
  return { facts: readPhantomToken(response.body.toString('latin1').trim(), undefined, types) };
}

function readMember(
  response: HttpResponse,
  member: string,
  types: readonly string[] | undefined,
  untyped: Untyped | undefined,
): TokenStatus {
  const active = activeMembers(readJsonResponse(response));
  if (active === undefined) return { invalid: 'token_inactive' };
  const jwt = active[member];
  if (typeof jwt !== 'string')
    throw invalidResponse(`the response has no JWT in its member "${member}"`);
  const facts = readPhantomToken(jwt, active, types);
  return untypedDenial(active, untyped) ?? { facts };
}

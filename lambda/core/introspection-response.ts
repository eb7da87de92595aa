import { isClientRejected, oauthError } from './client-rejection';
import { Fault, invalidResponse } from './errors';
import type { HttpResponse } from './http-response';
import { parseJsonObject } from './json';
import { readPhantomToken, type TokenInfo } from './phantom-token';
import { printable } from './printable';

export type { HttpResponse } from './http-response';

/** Reason why a token is invalid: the authorization server said so, or its signature is wrong. */
export type TokenInvalid = 'token_inactive' | 'signature_invalid';

/** Status of an access token: its facts, or the reason why it is invalid. */
export type TokenStatus = { readonly facts: TokenInfo } | { readonly invalid: TokenInvalid };

/** Result of the introspection of one access token. */
export type Introspection = TokenStatus & {
  /** `Cache-Control` and `Age` of the response, which limit its cache lifetime. */
  readonly freshness: Freshness;
};

export interface Freshness {
  readonly cacheControl: string | undefined;
  readonly age: string | undefined;
}

/** Kind of the authorization server's responses. It is configured, never guessed from a response. */
export interface ResponseRules {
  /**
   * The member of a JSON response that holds the phantom token; `undefined` if the response *is* the
   * phantom token.
   */
  readonly member: string | undefined;
  /** Accepted values of the phantom token's `typ`; `undefined` for the usual ones. */
  readonly types: readonly string[] | undefined;
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
  const freshness = {
    cacheControl: header(response, 'cache-control'),
    age: header(response, 'age'),
  };
  return { ...readStatus(response, rules), freshness };
}

function readStatus(response: HttpResponse, { member, types }: ResponseRules): TokenStatus {
  if (member !== undefined) return readJsonResponse(response, member, types);
  // An inactive token has no JWT to send: https://curity.io/resources/learn/introspect-with-phantom-token/
  if (response.status === 204) return { invalid: 'token_inactive' };
  assertAnswered(response, 'application/jwt');
  return { facts: readPhantomToken(response.body.toString('latin1').trim(), undefined, types) };
}

/** @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2 */
function readJsonResponse(
  response: HttpResponse,
  member: string,
  types: readonly string[] | undefined,
): TokenStatus {
  assertAnswered(response, 'application/json');
  const answer = parseJsonObject(response.body.toString('utf8'));
  // Before anything else: an inactive answer has been seen with a valid JWT in it.
  // https://github.com/keycloak/keycloak/issues/51284
  const active = answer?.['active'];
  if (active === false) return { invalid: 'token_inactive' };
  if (active !== true) throw invalidResponse('the answer has no boolean "active"');
  const jwt = answer?.[member];
  if (typeof jwt !== 'string')
    throw invalidResponse(`the answer has no JWT in its member "${member}"`);
  return { facts: readPhantomToken(jwt, answer, types) };
}

function assertAnswered(response: HttpResponse, expectedType: string): void {
  const { status } = response;
  const error = oauthError(response);
  const detail = `the authorization server answered ${status}${error ? ` ${error}` : ''}`;
  // About the gateway's own credentials, never about the caller's token.
  // https://www.rfc-editor.org/rfc/rfc7662#section-2.3
  if (isClientRejected(response)) {
    throw new Fault('introspection_rejected_client', detail, { status });
  }
  if (status === 429 || status >= 500) {
    throw new Fault('introspection_unavailable', detail, { status });
  }
  if (status !== 200) throw invalidResponse(detail, { status });
  const mediaType = header(response, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== expectedType) {
    throw invalidResponse(
      `the answer's media type is ${printable(mediaType || 'absent')} instead of ${expectedType}`,
    );
  }
}

/** Repeated headers are joined as RFC 9110 §5.3 joins them. */
function header(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}

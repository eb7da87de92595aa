import { isClientRejected, oauthError } from './client-rejection';
import { Fault, invalidResponse } from './errors';
import type { HttpResponse } from './http-response';
import { type JsonObject, parseJsonObject } from './json';
import { printable } from './printable';

/** Headers of a response that limit its cache lifetime. */
export interface Freshness {
  readonly cacheControl: string | undefined;
  readonly age: string | undefined;
}

/** Returns `Cache-Control` and `Age` of a response. */
export function freshnessOf(response: HttpResponse): Freshness {
  return { cacheControl: header(response, 'cache-control'), age: header(response, 'age') };
}

/**
 * Checks that a response is a successful one with the expected media type.
 *
 * @throws Fault `introspection_rejected_client`, `introspection_unavailable` or
 * `introspection_response_invalid`.
 */
export function assertAnswered(response: HttpResponse, expectedType: string): void {
  const { status } = response;
  const error = oauthError(response);
  const detail = `the authorization server responded ${status}${error ? ` ${error}` : ''}`;
  // About the gateway's own credentials, never about the caller's token.
  // https://www.rfc-editor.org/rfc/rfc7662#section-2.3
  if (isClientRejected(response)) {
    throw new Fault('introspection_rejected_client', detail, { status });
  }
  if (status === 429 || status >= 500) {
    throw new Fault('introspection_unavailable', detail, { status });
  }
  if (status !== 200) throw invalidResponse(detail, { status });
  const mediaType = header(response, 'content-type')?.replace(/;.*/s, '').trim().toLowerCase();
  if (mediaType !== expectedType) {
    throw invalidResponse(
      `the media type of the response is ${printable(mediaType || 'absent')} instead of ${expectedType}`,
    );
  }
}

/**
 * Returns the members of a JSON response; `undefined` if its body is not a JSON object.
 *
 * @throws Fault as `assertAnswered`.
 */
export function readJsonResponse(response: HttpResponse): JsonObject | undefined {
  assertAnswered(response, 'application/json');
  return parseJsonObject(response.body.toString('utf8'));
}

/**
 * Returns the members of a response about an active token, or `undefined` if the token is inactive.
 *
 * @throws Fault `introspection_response_invalid` if the response says neither.
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 */
export function activeMembers(members: JsonObject | undefined): JsonObject | undefined {
  // Before anything else: inactive responses with a valid JWT in them have been seen.
  // https://github.com/keycloak/keycloak/issues/51284
  const active = members?.['active'];
  if (active === false) return undefined;
  if (active !== true) throw invalidResponse('the response has no boolean "active"');
  return members;
}

/** Repeated headers are joined as RFC 9110 §5.3 joins them. */
function header(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}

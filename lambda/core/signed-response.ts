import { readClaims } from './claims';
import { invalidResponse } from './errors';
import type { HttpResponse } from './http-response';
import { isJsonObject, type JsonObject } from './json';
import { decodeJws, normalizeType } from './jws';
import { printable } from './printable';
import { assertAnswered } from './response-members';

/** Media type of signed introspection responses. */
export const SIGNED_RESPONSE_TYPE = 'application/token-introspection+jwt';

/** The two parties of a signed introspection response. */
export interface SignedResponseParties {
  /** Issuer identifier of the authorization server. */
  readonly issuer: string | undefined;
  /** Client id of the introspection client, to which the response is addressed. */
  readonly clientId: string;
}

/**
 * Returns the JWS of a signed introspection response. Its signature is verified next.
 *
 * @throws Fault `introspection_rejected_client`, `introspection_unavailable` or
 * `introspection_response_invalid`.
 * @see https://www.rfc-editor.org/rfc/rfc9701#section-5
 */
export function readSignedResponse(response: HttpResponse): string {
  assertAnswered(response, SIGNED_RESPONSE_TYPE);
  const jws = response.body.toString('latin1').trim();
  const { typ } = decodeJws(jws).header;
  if (typeof typ !== 'string' || normalizeType(typ) !== 'token-introspection+jwt') {
    const type = printable(typeof typ === 'string' ? typ : 'absent');
    throw invalidResponse(`the type of the signed response is ${type}`);
  }
  return jws;
}

/**
 * Returns the introspection response in a JWS whose signature is good.
 *
 * @param now epoch seconds.
 * @throws Fault `introspection_response_invalid` if it is from another server, for another client, expired, or
 * not a signed introspection response.
 * @see https://www.rfc-editor.org/rfc/rfc9701#section-8.1
 */
export function nestedResponse(
  jws: string,
  { issuer, clientId }: SignedResponseParties,
  now: number,
): JsonObject {
  const { payload } = decodeJws(jws);
  const { iss, aud, exp } = readClaims(payload);
  if (issuer === undefined || iss !== issuer) {
    throw invalidResponse(`the issuer of the signed response is ${printable(iss ?? 'absent')}`);
  }
  if (clientId === '' || !aud?.includes(clientId)) {
    const audience = printable(aud?.join(' ') ?? 'absent');
    throw invalidResponse(`the audience of the signed response is ${audience}, not our client`);
  }
  if (!Number.isFinite(payload['iat'])) throw invalidResponse('the signed response has no iat');
  if (exp !== undefined && now >= exp) throw invalidResponse('the signed response has expired');
  const nested = payload['token_introspection'];
  if (!isJsonObject(nested))
    throw invalidResponse('the signed response has no token_introspection');
  // The issuer of the response is verified; the token's own may be left out.
  return nested['iss'] == null ? { ...nested, iss } : nested;
}

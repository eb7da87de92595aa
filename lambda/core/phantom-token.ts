import { CLAIM_NAMES, type Claims, combineClaims, readClaims } from './claims';
import { invalidResponse } from './errors';
import { type JsonObject, parseJsonObject } from './json';
import { decodeJws, normalizeType } from './jws';
import { printable } from './printable';

/**
 * Facts that the authorization server stated about one access token. They are cached, decisions never are:
 * every check runs again on every hit.
 */
export interface TokenInfo {
  /** The phantom token: the signed JWT that stands for the access token inside. */
  readonly jwt: string;
  /** Claims of the introspection response in addition to the JWT, if it was JSON. */
  readonly responseClaims: JsonObject | undefined;
  /** Combined claims of the JWT and the response. */
  readonly claims: Claims;
  /** The key of this deployment that signed the JWT; absent if the authorization server signed it. */
  readonly keyId?: string;
}

/** Values of the header `typ` that a token may have; many servers set none. */
const ACCESS_TOKEN_TYPES: readonly (string | undefined)[] = ['at+jwt', 'jwt', undefined];

/**
 * Reads a phantom token as facts. Its signature is checked elsewhere, if at all: it came over TLS from
 * the authorization server itself, and the upstream API verifies it again.
 *
 * @param responseClaims the JSON introspection response it stood in.
 * @param types the values of `typ` to accept, instead of `at+jwt`, `JWT` and none.
 * @throws Fault `introspection_response_invalid` if it is not a JWS in compact form, is unsigned, is of
 * another type, is a statement to the gateway instead of a token to forward, or has a malformed claim.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-3.1
 */
export function readPhantomToken(
  jwt: string,
  responseClaims?: JsonObject,
  types?: readonly string[],
): TokenInfo {
  const { header, payload: own } = decodeJws(jwt);
  assertType(header['typ'], types?.map(normalizeType) ?? ACCESS_TOKEN_TYPES);
  // A signed introspection response is addressed to the gateway and must never serve as a token. Not every
  // one has the type of its kind. https://www.rfc-editor.org/rfc/rfc9701#section-8.1
  if (Object.hasOwn(own, 'token_introspection') || Object.hasOwn(own, 'active')) {
    throw invalidResponse(
      'the JWT is a signed introspection response, not an access token to forward',
    );
  }
  const claims = readClaims(own);
  if (responseClaims === undefined) return { jwt, responseClaims, claims };
  const relevant = pickClaims(responseClaims);
  const combined = combineClaims(claims, readClaims(relevant), own['azp']);
  return { jwt, responseClaims: relevant, claims: combined };
}

/**
 * The current time must be *before* `exp`; no tolerance.
 * @param now epoch seconds.
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
 */
export function isExpired({ claims }: TokenInfo, now: number): boolean {
  return claims.exp !== undefined && now >= claims.exp;
}

/** Returns whether the JWT itself has an expiry, which its upstream can check. */
export function hasExpiry({ jwt, responseClaims, claims, keyId }: TokenInfo): boolean {
  // Each minted token has one.
  if (keyId !== undefined) return true;
  if (claims.exp === undefined) return false;
  return responseClaims === undefined || decodeJws(jwt).payload['exp'] !== undefined;
}

/** Returns facts as text for the token cache. A JWT has no line break. */
export function serializeTokenInfo({ jwt, responseClaims }: TokenInfo): string {
  return responseClaims === undefined ? jwt : `${jwt}\n${JSON.stringify(responseClaims)}`;
}

/** Reads the text that `serializeTokenInfo` returned. @throws Fault as `readPhantomToken`. */
export function parseTokenInfo(text: string, types?: readonly string[]): TokenInfo {
  const { jwt, responseClaims } = parseTokenText(text);
  return readPhantomToken(jwt, responseClaims, types);
}

/** Returns the parts of the text that `serializeTokenInfo` returned. */
export function parseTokenText(text: string): Pick<TokenInfo, 'jwt' | 'responseClaims'> {
  const [jwt, responseClaims] = text.split('\n', 2) as [string, string?];
  return {
    jwt,
    responseClaims: responseClaims === undefined ? undefined : parseJsonObject(responseClaims),
  };
}

/** Returns the members that are read. One that is `null` counts as absent: Janssen sends `"nbf": null`. */
export function pickClaims(responseClaims: JsonObject): JsonObject {
  return Object.fromEntries(
    CLAIM_NAMES.filter(
      (name) => Object.hasOwn(responseClaims, name) && responseClaims[name] !== null,
    ).map((name) => [name, responseClaims[name]]),
  );
}

/** @see https://www.rfc-editor.org/rfc/rfc8725#section-3.11 */
function assertType(typ: unknown, allowed: readonly (string | undefined)[]): void {
  const type = typeof typ === 'string' ? normalizeType(typ) : undefined;
  if ((typ !== undefined && type === undefined) || !allowed.includes(type)) {
    const quoted = printable(type ?? 'absent');
    throw invalidResponse(`the JWT's type is ${quoted}, which is not one to forward`);
  }
}

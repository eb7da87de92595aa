import { readClaims } from './claims';
import type { JsonObject } from './json';
import type { SigningAlgorithm } from './jwk';
import { decodeJws, decodePart } from './jws';
import { pickClaims, type TokenInfo } from './phantom-token';

/** Key that signs, as the header of a phantom token names it. */
export interface KeyName {
  readonly keyId: string;
  readonly algorithm: SigningAlgorithm;
}

/**
 * Returns the part of a phantom token that is signed: its header and its claims.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.1
 */
export function signingInput({ keyId, algorithm }: KeyName, claims: JsonObject): string {
  const header = { typ: 'at+jwt', alg: algorithm, kid: keyId };
  return [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
}

/**
 * Returns the facts of a phantom token that has just been minted. Its claims are not decoded again. Issuer and
 * audience are those that the response stated, since the minted ones are our own.
 *
 * @param own claims of the phantom token.
 * @param members the introspection response that it was minted for.
 */
export function mintedTokenInfo(jwt: string, own: JsonObject, members: JsonObject): TokenInfo {
  const responseClaims = pickClaims(members);
  const stated = readClaims(responseClaims);
  const { sub, exp } = readClaims(own);
  // A token without expiry stays one, so that the caches bound it as such.
  const claims = { ...stated, sub, exp: stated.exp === undefined ? undefined : exp };
  const header = decodePart(jwt.slice(0, jwt.indexOf('.')));
  return { jwt, responseClaims, claims, keyId: String(header?.['kid']) };
}

/** Reads a minted phantom token as facts, with the members that `serializeTokenInfo` kept of its response. */
export function readMintedToken(jwt: string, members: JsonObject): TokenInfo {
  return mintedTokenInfo(jwt, decodeJws(jwt).payload, members);
}

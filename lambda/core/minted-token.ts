import { readClaims } from './claims';
import type { JsonObject } from './json';
import type { SigningAlgorithm } from './jwk';
import { decodeJws } from './jws';
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
 * Returns the facts of a phantom token that this deployment minted. Issuer and audience are those that the response
 * stated, since the minted ones are our own.
 *
 * @param members the introspection response that it was minted for, or the members that `serializeTokenInfo` kept.
 */
export function mintedTokenInfo(jwt: string, members: JsonObject): TokenInfo {
  const { header, payload } = decodeJws(jwt);
  const responseClaims = pickClaims(members);
  const stated = readClaims(responseClaims);
  const { sub, exp } = readClaims(payload);
  // A token without expiry stays one, so that the caches bound it as such.
  const claims = { ...stated, sub, exp: stated.exp === undefined ? undefined : exp };
  return { jwt, responseClaims, claims, keyId: String(header['kid']) };
}

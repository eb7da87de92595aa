import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { Claims } from '../../lambda/core/claims';
import type { TokenInfo } from '../../lambda/core/phantom-token';
import { jws, NOW } from './jws';
import { rsaKey } from './rsa-key';

export { base64url, jws, NOW } from './jws';

export const ISSUER = 'https://login.example.com/~';
export const AUDIENCE = 'api.example.com';

/** Signing key of an authorization server. */
export interface SigningKey {
  /** Signs a phantom token. */
  sign(claims?: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** Public JWK. */
  readonly published: JWK;
  /** Private JWK. */
  readonly secret: JWK;
}

/** Returns a signing key. It is new, except for RSA. */
export async function createSigningKey(kid?: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = /^[RP]S/.test(alg)
    ? rsaKey()
    : await generateKeyPair(alg, { extractable: true });
  const id = kid === undefined ? {} : { kid };
  const sign: SigningKey['sign'] = (claims = {}, header = {}) =>
    new SignJWT({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: 'alice',
      client_id: 'shop',
      scope: 'read write',
      ...claims,
    })
      .setProtectedHeader({ typ: 'at+jwt', ...id, ...header, alg })
      .sign(privateKey);
  return {
    sign,
    published: { ...(await exportJWK(publicKey)), ...id },
    secret: { ...(await exportJWK(privateKey)), ...id },
  };
}

/** Returns a function that signs phantom tokens with a new key. */
export async function createTokenSigner(): Promise<SigningKey['sign']> {
  return (await createSigningKey()).sign;
}

export function claims(some: Partial<Claims> = {}): Claims {
  return {
    iss: ISSUER,
    aud: [AUDIENCE],
    sub: 'alice',
    clientId: 'shop',
    scopes: ['read', 'write'],
    exp: NOW + 600,
    nbf: undefined,
    senderConstrained: false,
    otherKind: undefined,
    ...some,
  };
}

export function facts(some: Partial<Claims> = {}, jwt = jws({ sub: 'alice' })): TokenInfo {
  return { jwt, responseClaims: undefined, claims: claims(some) };
}

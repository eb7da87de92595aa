import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { Claims } from '../../lambda/core/claims';
import type { TokenInfo } from '../../lambda/core/phantom-token';
import { rsaKey } from './rsa-key';

/** Time of frozen clocks, in seconds since the epoch. */
export const NOW = 1_800_000_000;

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

export function base64url(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Buffer.from(text).toString('base64url');
}

/** Returns a string in the form of a JWS, without a valid signature. */
export function jws(payload: unknown, header: unknown = { alg: 'RS256' }, signature = 'c2ln') {
  return `${base64url(header)}.${base64url(payload)}.${signature}`;
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

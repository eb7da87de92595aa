import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Claims, Facts } from '../../lambda/core/phantom-token';

/** The moment at which frozen clocks stand, epoch seconds. */
export const NOW = 1_800_000_000;

export const ISSUER = 'https://login.example.com/~';
export const AUDIENCE = 'api.example.com';

/** Signs phantom tokens as an authorization server does, with a key of its own. */
export async function createTokenSigner() {
  const { privateKey } = await generateKeyPair('ES256');
  return (claims: JWTPayload = {}, header: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: 'alice',
      client_id: 'shop',
      scope: 'read write',
      ...claims,
    })
      .setProtectedHeader({ typ: 'at+jwt', ...header, alg: 'ES256' })
      .sign(privateKey);
}

export function base64url(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Buffer.from(text).toString('base64url');
}

/** Something in the form of a JWS whose signature nobody made. */
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
    ...some,
  };
}

export function facts(some: Partial<Claims> = {}, jwt = jws({ sub: 'alice' })): Facts {
  return { jwt, claims: claims(some) };
}

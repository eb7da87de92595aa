import { generateKeyPairSync, sign } from 'node:crypto';
import type { JWK } from 'jose';
import { AUDIENCE, ISSUER } from './claims';

const KEY_ID = 'bench';

/** The size of the JWT: that of a token with a dozen claims and an RSA signature. */
const JWT_BYTES = 1536;

/** A JWT that every check of the benchmark's configuration passes, for an hour. */
export function createPhantomToken(): { jwt: string; jwks: { keys: JWK[] } } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const issue = (padding: number) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      ...{ iss: ISSUER, aud: AUDIENCE, sub: 'alice', client_id: 'shop', scope: 'read write' },
      ...{ iat: now, nbf: now, exp: now + 3600, jti: 'x'.repeat(padding) },
    };
    const input = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: KEY_ID })}.${encode(claims)}`;
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
  };
  const missing = JWT_BYTES - issue(0).length;
  const jwt = issue(Math.floor((missing * 3) / 4));
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' };
  return { jwt, jwks: { keys: [jwk as JWK] } };
}

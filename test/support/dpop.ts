import { generateKeyPairSync, hash, type JsonWebKey, sign } from 'node:crypto';
import { base64url } from './jws';

/** Key of a client that sends DPoP proofs by ES256. */
export interface ProofKey {
  readonly jwk: JsonWebKey;
  /** Thumbprint, to which an access token is bound. */
  readonly thumbprint: string;
  /** Returns the JWS of a header and claims, whatever they are. */
  sign(header: object, claims: object): string;
}

export function createProofKey(): ProofKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const { crv, kty, x, y } = jwk;
  return {
    jwk,
    thumbprint: hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url'),
    sign(header, claims) {
      const signed = `${base64url(header)}.${base64url(claims)}`;
      const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
      return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
    },
  };
}

export interface ProofOptions {
  readonly accessToken: string;
  readonly htu: string;
  readonly iat: number;
  readonly header?: object;
  readonly claims?: object;
}

let proofs = 0;

/** Returns a proof for a `GET` request, with other header parameters and claims if given. */
export function proofBy(key: ProofKey, { accessToken, htu, iat, header, claims }: ProofOptions) {
  proofs += 1;
  const ath = hash('sha256', accessToken, 'base64url');
  return key.sign(
    { typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk, ...header },
    { jti: `proof-${proofs}`, htm: 'GET', htu, iat, ath, ...claims },
  );
}

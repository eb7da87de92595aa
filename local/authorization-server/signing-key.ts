import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

/** The key that signs phantom tokens: as jose signs with it, and as oidc-provider publishes it. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: 'RS256';
  readonly privateKey: CryptoKey;
  /** With the private part: oidc-provider publishes only the public one. */
  readonly jwk: JWK;
}

/** A new key for each start: a key in a repository would be trusted by somebody, somewhere. */
export async function generateSigningKey(): Promise<SigningKey> {
  const alg = 'RS256';
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, alg, privateKey, jwk: { ...jwk, kid, alg, use: 'sig' } };
}

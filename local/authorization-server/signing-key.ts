import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

/** Key that signs phantom tokens, for jose to sign with and for oidc-provider to publish. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: 'RS256';
  readonly privateKey: CryptoKey;
  /** JWK with its private part. oidc-provider publishes the public part only. */
  readonly jwk: JWK;
}

/** Generates a key. Each start has its own, since a key in a repository could end up being trusted. */
export async function generateSigningKey(): Promise<SigningKey> {
  const alg = 'RS256';
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, alg, privateKey, jwk: { ...jwk, kid, alg, use: 'sig' } };
}

import { createPrivateKey, createPublicKey, generateKeyPair, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { publicMembers, type SigningAlgorithm, thumbprint } from '../core/jwk';
import type { SigningKey } from '../core/signing-keys';

const generate = promisify(generateKeyPair);

/** Creates a key. Its id is its thumbprint. */
export async function createSigningKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
  const { privateKey } = await generateFor(algorithm);
  const members = { ...privateKey.export({ format: 'jwk' }) };
  const keyId = thumbprint(members);
  return { keyId, algorithm, jwk: { ...members, kid: keyId, alg: algorithm, use: 'sig' } };
}

/** @throws Error if the published members do not verify what the key signs. */
export function testKeyPair({ jwk, algorithm, keyId }: SigningKey): void {
  const privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  const publicKey = createPublicKey({ key: { ...publicMembers(jwk) }, format: 'jwk' });
  const data = Buffer.from(keyId);
  const digest = algorithm === 'EdDSA' ? null : 'sha256';
  if (!verify(digest, data, publicKey, sign(digest, data, privateKey))) {
    throw new Error(`the public key of ${keyId} must verify its signatures`);
  }
}

function generateFor(algorithm: SigningAlgorithm) {
  if (algorithm === 'ES256') return generate('ec', { namedCurve: 'P-256' });
  if (algorithm === 'EdDSA') return generate('ed25519');
  return generate('rsa', { modulusLength: 2048 });
}

import { createPublicKey } from 'node:crypto';
import type { JsonObject } from '../../core/json';
import { publicMembers, thumbprint } from '../../core/jwk';
import type { AwsClient } from './client';

/**
 * Returns the public key of a KMS key as the JWK that is published. Its `kid` is its thumbprint.
 *
 * @throws Error if the key is not an `ECC_NIST_P256` key for signatures.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html
 */
export async function readKmsPublicKey(kms: AwsClient, keyId: string): Promise<JsonObject> {
  const { PublicKey, KeySpec, KeyUsage } = await kms('GetPublicKey', { KeyId: keyId });
  if (KeySpec !== 'ECC_NIST_P256' || KeyUsage !== 'SIGN_VERIFY' || typeof PublicKey !== 'string') {
    throw new Error('the KMS key must be an ECC_NIST_P256 key for SIGN_VERIFY');
  }
  const key = createPublicKey({
    key: Buffer.from(PublicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const jwk = publicMembers({ ...key.export({ format: 'jwk' }) });
  return { ...jwk, kid: thumbprint(jwk), alg: 'ES256', use: 'sig' };
}

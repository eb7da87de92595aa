import { generateKeyPairSync, sign } from 'node:crypto';
import { createLocalJWKSet, exportJWK, jwtVerify } from 'jose';
import { thumbprint } from '../../../../lambda/core/jwk';
import { createKmsSigner } from '../../../../lambda/io/signing/kms-signer';
import { faultWith } from '../../../support/faults';
import { base64url } from '../../../support/jws';

const ARN = 'arn:aws:kms:eu-central-1:123456789012:key/1';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A stand-in for AWS KMS. It signs a digest, which it gets in place of the message. */
function kmsOf(changes: Readonly<Record<string, () => unknown>> = {}) {
  const calls: [string, Record<string, unknown>][] = [];
  const operations: Record<string, (input: Record<string, unknown>) => unknown> = {
    GetPublicKey: () => ({
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      PublicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    }),
    Sign: ({ Message }) => ({ Signature: signDigest(Buffer.from(String(Message), 'base64')) }),
    ...changes,
  };
  const call = async (operation: string, input: object) => {
    calls.push([operation, input as Record<string, unknown>]);
    return operations[operation]?.(input as Record<string, unknown>) as Record<string, unknown>;
  };
  return { call, calls };
}

/** The message of the digest under test: Node.js signs no digests. */
let message = '';
function signDigest(digest: Buffer): string {
  const { createHash } = require('node:crypto') as typeof import('node:crypto');
  expect(createHash('sha256').update(message).digest()).toEqual(digest);
  return sign('sha256', Buffer.from(message), privateKey).toString('base64');
}
function expectSigningOf(claims: object, keyId: string): void {
  const header = { typ: 'at+jwt', alg: 'ES256', kid: keyId };
  message = `${base64url(header)}.${base64url(claims)}`;
}

describe('createKmsSigner', () => {
  it('the KMS signer signs a digest of any length, and names the key by its thumbprint', async () => {
    const jwk = await exportJWK(publicKey);
    const keyId = thumbprint({ ...jwk });
    const { call, calls } = kmsOf();
    const signer = createKmsSigner(call, ARN);
    const claims = { sub: 'alice', long: 'x'.repeat(6000) };
    expectSigningOf(claims, keyId);

    const jwt = await signer.sign(claims);

    const keys = createLocalJWKSet({ keys: [{ ...jwk, kid: keyId, alg: 'ES256' }] });
    expect((await jwtVerify(jwt, keys)).payload).toEqual(claims);
    expect(calls.map(([operation]) => operation)).toEqual(['GetPublicKey', 'Sign']);
    expect(calls[1]?.[1]).toMatchObject({
      KeyId: ARN,
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    });
    expect(signer.isPublished(keyId)).toBe(true);
    expect(signer.isPublished('other')).toBe(false);
  });

  it('the KMS signer fails with advice if KMS does not sign', async () => {
    const throttled = kmsOf({
      Sign: () => {
        throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      },
    });
    const garbage = kmsOf({ Sign: () => ({ Signature: 'AAAA' }) });

    await expect(createKmsSigner(throttled.call, ARN).sign({})).rejects.toEqual(
      faultWith('signing_failed', 'AWS KMS did not sign (ThrottlingException)'),
    );
    await expect(createKmsSigner(garbage.call, ARN).sign({})).rejects.toEqual(
      faultWith('signing_failed', 'AWS KMS did not return a P-256 signature'),
    );
  });

  it('the KMS signer reads the public key again after it could not be read', async () => {
    let fails = true;
    const { call } = kmsOf({
      GetPublicKey: () => {
        if (fails) throw new Error('down');
        return {
          KeySpec: 'ECC_NIST_P256',
          KeyUsage: 'SIGN_VERIFY',
          PublicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
        };
      },
    });
    const signer = createKmsSigner(call, ARN);

    await expect(signer.ready()).rejects.toEqual(faultWith('signing_keys_unavailable'));
    fails = false;
    await expect(signer.ready()).resolves.toBeUndefined();
  });
});

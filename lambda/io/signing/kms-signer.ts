import { createHash } from 'node:crypto';
import { joseSignature } from '../../core/ecdsa-signature';
import { Fault } from '../../core/errors';
import { signingInput } from '../../core/minted-token';
import type { PhantomTokenSigner } from '../../core/ports';
import { createSingleFlight } from '../../core/single-flight';
import type { AwsClient } from '../aws/client';
import { readKmsPublicKey } from '../aws/kms-public-key';

/**
 * Signs phantom tokens with a key in AWS KMS. A phantom token of another key is not used any more: which other
 * keys are published is known to the function that serves the key set only.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export function createKmsSigner(kms: AwsClient, keyArn: string): PhantomTokenSigner {
  let known: string | undefined;
  const flight = createSingleFlight<string>();

  async function readKeyId(): Promise<string> {
    try {
      known = String((await readKmsPublicKey(kms, keyArn))['kid']);
      return known;
    } catch (cause) {
      const detail = `the public key could not be read (${nameOf(cause)})`;
      throw new Fault('signing_keys_unavailable', detail, { cause });
    }
  }
  const keyIdOf = async () => known ?? flight.run(readKeyId);

  return {
    async ready() {
      await keyIdOf();
    },
    async sign(claims) {
      const input = signingInput({ keyId: await keyIdOf(), algorithm: 'ES256' }, claims);
      const request = {
        KeyId: keyArn,
        // A digest, since KMS takes messages of at most 4 KB.
        Message: createHash('sha256').update(input).digest('base64'),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      };
      const { Signature } = await kms('Sign', request).catch((cause: unknown) => {
        throw new Fault('signing_failed', `AWS KMS did not sign (${nameOf(cause)})`, { cause });
      });
      const signature = joseSignature(Buffer.from(String(Signature), 'base64'));
      if (signature === undefined) {
        throw new Fault('signing_failed', 'AWS KMS did not return a P-256 signature');
      }
      return `${input}.${signature.toString('base64url')}`;
    },
    isPublished: (keyId) => keyId === known,
  };
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'unknown error';
}

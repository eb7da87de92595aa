import { type JsonObject, parseJson } from '../core/json';
import { readPublicKeys } from '../core/key-set';
import type { AwsClient } from '../io/aws/client';
import { readKmsPublicKey } from '../io/aws/kms-public-key';

/** Reads the keys that are published. */
export type ReadPublicKeys = () => Promise<readonly JsonObject[]>;

/** Creates the reader of the key set that the rotation function writes. */
export function publicKeysOfParameter(systemsManager: AwsClient, name: string): ReadPublicKeys {
  return async () => {
    const { Parameter } = await systemsManager('GetParameter', { Name: name });
    // Private keys would be dropped here, although none is ever written.
    const keys = readPublicKeys(String((Parameter as { Value?: unknown } | undefined)?.Value));
    if (keys.length === 0) {
      throw new Error(`${name} has no keys yet: check the rotation of the signing secret`);
    }
    return keys;
  };
}

/**
 * Creates the reader of the public keys of KMS keys.
 *
 * @param arnList JSON list of ARNs.
 */
export function publicKeysOfKms(kms: AwsClient, arnList: string): ReadPublicKeys {
  const arns = parseJson(arnList) as readonly string[];
  return () => Promise.all(arns.map((arn) => readKmsPublicKey(kms, arn)));
}

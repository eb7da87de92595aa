import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ISigningKeys, SigningAlgorithm } from '../signing/signing-keys';
import { SigningKeysSecret } from '../signing/signing-keys-secret';
import { SigningKmsKey } from '../signing/signing-kms-key';

/** Keys of the config that describe the signing keys. */
interface SigningConfig {
  readonly key: 'secret' | 'kms';
  readonly algorithm: `${SigningAlgorithm}`;
  /** Time between two rotations of keys in a secret. */
  readonly rotationDays: number;
}

/** Adds the signing keys that a config describes, and outputs with the names that operators need. */
export function addSigningKeys(
  scope: Construct,
  { key, algorithm, rotationDays }: SigningConfig,
): ISigningKeys {
  const output = (id: string, value: string, description: string) =>
    new CfnOutput(scope, id, { value, description });
  if (key === 'kms') {
    const keys = new SigningKmsKey(scope, 'SigningKey');
    output('SigningKeyArn', keys.key.keyArn, 'KMS key that signs phantom tokens');
    return keys;
  }
  const keys = new SigningKeysSecret(scope, 'SigningKeys', {
    algorithm: algorithm as SigningAlgorithm,
    rotateAfter: Duration.days(rotationDays),
  });
  const { secret, keySet, rotationFunction } = keys;
  output('SigningKeysSecretArn', secret.secretArn, 'Secret with the keys of phantom tokens');
  output('SigningKeySetParameter', keySet.parameterName, 'Parameter with the public keys');
  output('SigningKeyRotationFunctionName', rotationFunction.functionName, 'Rotates the keys');
  return keys;
}

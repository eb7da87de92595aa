import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { PhantomTokenMinting } from '../authorizer/minting';
import { KeySet } from '../signing/key-set';
import { SigningKeysSecret } from '../signing/signing-keys-secret';
import { SigningKmsKey } from '../signing/signing-kms-key';
import { DEFAULTS } from '../validation/defaults';
import type { DeploymentConfig } from './config/schema';

type Minting = NonNullable<DeploymentConfig['token']['mint']>;

/** Adds the signing keys of a config, the function that publishes them, and outputs for operators. */
export function addSigning(
  scope: Construct,
  config: Minting,
  encryptionKey: IKey | undefined,
): { readonly mint: PhantomTokenMinting; readonly keySet: KeySet } {
  const { issuer, audience, subject, claims, lifetimeSeconds } = config;
  const keys = signingKeys(scope, config, encryptionKey);
  const lifetime = lifetimeSeconds === undefined ? undefined : Duration.seconds(lifetimeSeconds);
  return {
    mint: { issuer, audience, subject, claims, lifetime, keys },
    keySet: new KeySet(scope, 'KeySet', { keys, issuer }),
  };
}

function signingKeys(
  scope: Construct,
  { key, algorithm, rotationDays = DEFAULTS.signingKeyRotationDays }: Minting,
  encryptionKey: IKey | undefined,
): SigningKeysSecret | SigningKmsKey {
  const output = (id: string, value: string, description: string) =>
    new CfnOutput(scope, id, { value, description });
  if (key === 'kms') {
    const keys = new SigningKmsKey(scope, 'SigningKeys');
    output('SigningKeyArn', keys.key.keyArn, 'The KMS key that signs phantom tokens');
    return keys;
  }
  const rotateAfter = Duration.days(rotationDays);
  const keys = new SigningKeysSecret(scope, 'SigningKeys', {
    ...{ algorithm, rotateAfter },
    encryptionKey,
  });
  const { secret, keySet, rotationFunction } = keys;
  output('SigningKeysSecretArn', secret.secretArn, 'Secret with the keys that sign phantom tokens');
  output('SigningKeySetParameter', keySet.parameterName, 'Parameter with the public keys');
  output('SigningKeyRotationFunctionName', rotationFunction.functionName, 'Rotates the keys');
  return keys;
}

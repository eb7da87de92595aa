import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PhantomTokenMinting } from '../authorizer/minting';
import { KeySet } from '../signing/key-set';
import { SigningKeysSecret } from '../signing/signing-keys-secret';
import { SigningKmsKey } from '../signing/signing-kms-key';
import { DEFAULTS } from '../validation/defaults';
import type { DeploymentConfig } from './config/schema';

type Minting = NonNullable<DeploymentConfig['token']['mint']>;

/** Adds the signing keys of a config, and the function that publishes them. */
export function addSigning(
  scope: Construct,
  config: Minting,
): { readonly mint: PhantomTokenMinting; readonly keySet: KeySet } {
  const { issuer, audience, subject, claims, lifetimeSeconds } = config;
  const keys = signingKeys(scope, config);
  const lifetime = lifetimeSeconds === undefined ? undefined : Duration.seconds(lifetimeSeconds);
  return {
    mint: { issuer, audience, subject, claims, lifetime, keys },
    keySet: new KeySet(scope, 'KeySet', { keys, issuer }),
  };
}

function signingKeys(
  scope: Construct,
  { key, algorithm, rotationDays = DEFAULTS.signingKeyRotationDays }: Minting,
): SigningKeysSecret | SigningKmsKey {
  if (key === 'kms') return new SigningKmsKey(scope, 'SigningKeys');
  const rotateAfter = Duration.days(rotationDays);
  return new SigningKeysSecret(scope, 'SigningKeys', { algorithm, rotateAfter });
}

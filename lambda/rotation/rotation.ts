import {
  allSigningKeys,
  publishedKeySet,
  type SigningKey,
  type SigningKeys,
} from '../core/signing-keys';
import { testKeyPair } from './key-pair';
import type { PublishedKeySet } from './published-key-set';
import { rotateKeys } from './rotate-keys';
import type { Rotation, SigningSecret } from './signing-secret';

/** Event of Secrets Manager. The version that a rotation makes has the request's token as its id. */
export interface RotationEvent {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

interface RotationOptions {
  readonly secretArn: string;
  readonly secret: SigningSecret;
  readonly published: PublishedKeySet;
  readonly createKey: () => Promise<SigningKey>;
  /** Epoch seconds. */
  readonly now: () => number;
}

/**
 * Creates the handler of a rotation's four steps. Each step can be repeated. A key is published before it can sign:
 * the key set is written in the second step, and the keys become current in the fourth.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export function createRotation({ secretArn, secret, published, createKey, now }: RotationOptions) {
  async function pendingKeys(rotation: Rotation): Promise<SigningKeys> {
    const keys = await secret.pending(rotation);
    if (keys !== undefined) return keys;
    throw new Error(`version ${rotation.versionId} must have a value: run createSecret`);
  }

  const steps: Readonly<Record<string, (rotation: Rotation) => Promise<void>>> = {
    async createSecret(rotation) {
      if ((await secret.pending(rotation)) !== undefined) return;
      const keys = await rotateKeys(await secret.current(), createKey, now());
      await secret.storePending(rotation, keys);
    },
    async setSecret(rotation) {
      await published.write(publishedKeySet(await pendingKeys(rotation)));
    },
    async testSecret(rotation) {
      const keys = await pendingKeys(rotation);
      for (const key of allSigningKeys(keys)) testKeyPair(key);
      await published.test(publishedKeySet(keys));
    },
    async finishSecret(rotation) {
      await pendingKeys(rotation);
      await secret.promote(rotation);
      await secret.release(rotation.versionId);
    },
  };

  return async function rotate(event: RotationEvent): Promise<void> {
    const { Step, SecretId, ClientRequestToken: versionId } = event;
    const step = Object.hasOwn(steps, Step) ? steps[Step] : undefined;
    if (step === undefined) throw new Error(`Step must be one of a rotation, got: ${Step}`);
    if (SecretId !== secretArn) {
      throw new Error(`SecretId must be ${secretArn}, got: ${SecretId}`);
    }
    const stages = await secret.stages();
    const labels = stages.get(versionId) ?? [];
    // The step is repeated after the rotation: at most its last request is left to do.
    if (labels.includes('AWSCURRENT')) return secret.release(versionId);
    if (!labels.includes('AWSPENDING')) {
      throw new Error(`version ${versionId} must have the label AWSPENDING, got: ${labels.join()}`);
    }
    const [currentId] = [...stages].find(([, of]) => of.includes('AWSCURRENT')) ?? [];
    await step({ versionId, currentId });
  };
}

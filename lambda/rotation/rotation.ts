import {
  allSigningKeys,
  publishedKeySet,
  type SigningKey,
  type SigningKeys,
} from '../core/signing-keys';
import { testKeyPair } from './key-pair';
import type { PublishedKeySet } from './published-key-set';
import { rotateKeys } from './rotate-keys';
import type { PendingKeys, SigningSecret } from './signing-secret';

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

/** Versions of a rotation. */
interface Rotation {
  /** Version that the rotation makes. */
  readonly versionId: string;
  /** Version that is current. */
  readonly currentId: string | undefined;
}

/**
 * Maximum duration of a rotation, in seconds. The minimum period between two rotations counts from the first step.
 */
export const MAXIMUM_DURATION_SECONDS = 3600;

/**
 * Creates the handler of a rotation's four steps. Each step can be repeated. A key is published before it can sign:
 * the key set is written in the second step, and the keys become current in the fourth.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export function createRotation({ secretArn, secret, published, createKey, now }: RotationOptions) {
  /** Returns the keys of a rotation. Abandons the rotation, and throws, if they must not become current. */
  async function pendingKeys({ versionId, currentId }: Rotation): Promise<SigningKeys | undefined> {
    const pending = await secret.pending(versionId);
    const fault = pending && staleness(pending, currentId, now());
    if (fault === undefined) return pending?.keys;
    await secret.release(versionId);
    throw new Error(`the rotation to version ${versionId} is abandoned: ${fault}. Rotate again`);
  }

  async function createdKeys(rotation: Rotation): Promise<SigningKeys> {
    const keys = await pendingKeys(rotation);
    if (keys !== undefined) return keys;
    throw new Error(`version ${rotation.versionId} must have a value: run createSecret`);
  }

  const steps: Readonly<Record<string, (rotation: Rotation) => Promise<void>>> = {
    async createSecret(rotation) {
      if ((await pendingKeys(rotation)) !== undefined) return;
      const { versionId, currentId: madeFrom } = rotation;
      const madeAt = now();
      const keys = await rotateKeys(await secret.current(), createKey, madeAt);
      await secret.storePending(versionId, { keys, madeFrom, madeAt });
    },
    async setSecret(rotation) {
      await published.write(publishedKeySet(await createdKeys(rotation)));
    },
    async testSecret(rotation) {
      const keys = await createdKeys(rotation);
      for (const key of allSigningKeys(keys)) testKeyPair(key);
      await published.test(publishedKeySet(keys));
    },
    async finishSecret(rotation) {
      const { versionId, currentId } = rotation;
      await published.test(publishedKeySet(await createdKeys(rotation)));
      await secret.promote(versionId, currentId);
      await secret.release(versionId);
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

/** Returns why keys must not become current; `undefined` if they may. */
function staleness(
  { madeFrom, madeAt }: PendingKeys,
  currentId: string | undefined,
  now: number,
): string | undefined {
  // An operator has stored another value, for example to replace keys. Those must not come back.
  if (madeFrom !== currentId) return 'its keys were made from a version that is not current';
  const isRecent = Math.abs(now - Number(madeAt)) < MAXIMUM_DURATION_SECONDS;
  return isRecent ? undefined : `it has taken longer than ${MAXIMUM_DURATION_SECONDS} seconds`;
}

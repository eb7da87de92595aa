import { parseJsonObject } from '../core/json';
import { formatSigningKeys, readSigningKeys, type SigningKeys } from '../core/signing-keys';
import type { AwsClient } from '../io/aws/client';
import { AwsError } from '../io/aws/errors';

/** Staging labels of the versions of a secret. */
type Stage = 'AWSCURRENT' | 'AWSPENDING';

/** Keys of a rotation in progress, as its first step has stored them. */
export interface PendingKeys {
  readonly keys: SigningKeys;
  /** Id of the version that they were made from. */
  readonly madeFrom: unknown;
  /** Time at which they were made, in epoch seconds. */
  readonly madeAt: unknown;
}

/**
 * The signing secret, as the steps of a rotation use it.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export class SigningSecret {
  constructor(
    private readonly secretsManager: AwsClient,
    private readonly arn: string,
  ) {}

  /** Returns the versions by id, with their staging labels. */
  async stages(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { VersionIdsToStages } = await this.secretsManager('DescribeSecret', {
      SecretId: this.arn,
    });
    return new Map(Object.entries(VersionIdsToStages as Record<string, string[]>));
  }

  /**
   * Returns the keys that sign; `undefined` if all of them are to be replaced, because the value is `{}`.
   *
   * @throws Fault `signing_keys_invalid`
   */
  async current(): Promise<SigningKeys | undefined> {
    const text = (await this.read('AWSCURRENT')) ?? '';
    const members = parseJsonObject(text);
    const isEmpty = members !== undefined && Object.keys(members).length === 0;
    return isEmpty ? undefined : readSigningKeys(text);
  }

  /** Returns the keys of a rotation in progress; `undefined` before its first step has stored them. */
  async pending(versionId: string): Promise<PendingKeys | undefined> {
    const text = await this.read('AWSPENDING', versionId);
    if (text === undefined) return undefined;
    const { made_from: madeFrom, made_at: madeAt } = parseJsonObject(text) ?? {};
    return { keys: readSigningKeys(text), madeFrom, madeAt };
  }

  /** Stores the keys of a rotation, unless another attempt has already stored some. */
  async storePending(versionId: string, { keys, madeFrom, madeAt }: PendingKeys): Promise<void> {
    try {
      await this.secretsManager('PutSecretValue', {
        SecretId: this.arn,
        ClientRequestToken: versionId,
        SecretString: formatSigningKeys(keys, { made_from: madeFrom, made_at: madeAt }),
        VersionStages: ['AWSPENDING'],
      });
    } catch (error) {
      if (!isNamed(error, 'ResourceExistsException')) throw error;
    }
  }

  /** Makes a version the current one. */
  async promote(versionId: string, from: string | undefined): Promise<void> {
    await this.moveLabel('AWSCURRENT', { MoveToVersionId: versionId, RemoveFromVersionId: from });
  }

  /**
   * Ends a rotation: removes its label, unless Secrets Manager has done so. A label that remained would make it refuse
   * the next rotation as soon as an operator stores another value.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
   */
  async release(versionId: string): Promise<void> {
    const labels = (await this.stages()).get(versionId) ?? [];
    if (!labels.includes('AWSPENDING')) return;
    await this.moveLabel('AWSPENDING', { RemoveFromVersionId: versionId });
  }

  private async moveLabel(label: Stage, move: object): Promise<void> {
    await this.secretsManager('UpdateSecretVersionStage', {
      SecretId: this.arn,
      VersionStage: label,
      ...move,
    });
  }

  private async read(stage: Stage, versionId?: string): Promise<string | undefined> {
    try {
      const { SecretString } = await this.secretsManager('GetSecretValue', {
        SecretId: this.arn,
        VersionId: versionId,
        VersionStage: stage,
      });
      return typeof SecretString === 'string' ? SecretString : undefined;
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException')) return undefined;
      throw error;
    }
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof AwsError && error.name === name;
}

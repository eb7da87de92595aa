import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** Error of the Secrets Manager API, by its name in the API reference. */
export class SecretsManagerError extends Error {
  override readonly name = 'SecretsManagerError';

  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly versionId: string;
  /** Current value. Absent in a secret without a version. */
  readonly value: string | undefined;
  /** Creation time in seconds since the epoch. */
  readonly createdDate: number;
}

const getSecretValueSchema = z.strictObject({ SecretId: z.string() });

/** Secrets in memory, each with one version at most. */
export class SecretStore {
  readonly #secrets: Secret[] = [];

  /** Adds a secret. Without a value it has no version. */
  add(arn: string, name: string, value: string | undefined): void {
    const createdDate = Date.now() / 1000;
    this.#secrets.push({ arn, name, value, versionId: randomUUID(), createdDate });
  }

  /**
   * Performs an operation of the API.
   *
   * @throws SecretsManagerError if the API would reject the request, or it is not supported.
   */
  perform(operation: string, request: unknown): object {
    if (operation === 'GetSecretValue') return this.#getSecretValue(request);
    throw new SecretsManagerError(
      'UnknownOperationException',
      `not supported in local mode: ${operation}`,
    );
  }

  /** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
  #getSecretValue(request: unknown): object {
    const parsed = getSecretValueSchema.safeParse(request);
    if (!parsed.success) {
      throw new SecretsManagerError('InvalidParameterException', z.prettifyError(parsed.error));
    }
    const { arn, name, versionId, value, createdDate } = this.#find(parsed.data.SecretId);
    if (value === undefined) {
      const message =
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
      throw new SecretsManagerError('ResourceNotFoundException', message);
    }
    return {
      ARN: arn,
      Name: name,
      VersionId: versionId,
      VersionStages: ['AWSCURRENT'],
      SecretString: value,
      CreatedDate: createdDate,
    };
  }

  /** Finds a secret by ARN, by name, or by ARN without the suffix that AWS appends to the name. */
  #find(id: string): Secret {
    const secret = this.#secrets.find(
      ({ arn, name }) =>
        arn === id || name === id || (id.startsWith('arn:') && arn.replace(/-.{6}$/, '') === id),
    );
    if (secret) return secret;
    const message = "Secrets Manager can't find the specified secret.";
    throw new SecretsManagerError('ResourceNotFoundException', message);
  }
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** A refusal, by the name of the error that the API's reference gives it. */
export class SecretsManagerError extends Error {
  override readonly name = 'SecretsManagerError';

  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

interface Version {
  readonly id: string;
  readonly value: string;
  /** In seconds since the epoch. */
  readonly createdDate: number;
}

type Stage = 'AWSCURRENT' | 'AWSPREVIOUS';

interface Secret {
  readonly arn: string;
  readonly name: string;
  /** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version */
  readonly versions: Map<Stage, Version>;
}

const getSecretValueRequest = z.strictObject({
  SecretId: z.string(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});
const putSecretValueRequest = z.strictObject({
  SecretId: z.string(),
  SecretString: z.string(),
  ClientRequestToken: z.string().optional(),
});
const describeSecretRequest = z.strictObject({ SecretId: z.string() });

/** The secrets and the operations on them. A class, because it holds the secrets. */
export class SecretStore {
  readonly #secrets: Secret[] = [];

  /** Adds a secret; without a value it has no version, and so nothing to read, yet. */
  add(arn: string, name: string, value: string | undefined): void {
    const secret: Secret = { arn, name, versions: new Map() };
    this.#secrets.push(secret);
    if (value !== undefined) putVersion(secret, randomUUID(), value);
  }

  /**
   * Performs an operation of the API.
   *
   * @throws SecretsManagerError when the API would refuse it, or it is not imitated.
   */
  perform(operation: string, request: unknown): object {
    switch (operation) {
      case 'GetSecretValue':
        return this.#getSecretValue(read(getSecretValueRequest, request));
      case 'PutSecretValue':
        return this.#putSecretValue(read(putSecretValueRequest, request));
      case 'DescribeSecret':
        return this.#describeSecret(read(describeSecretRequest, request));
      default:
        throw new SecretsManagerError('UnknownOperationException', `not imitated: ${operation}`);
    }
  }

  /** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
  #getSecretValue(request: z.infer<typeof getSecretValueRequest>): object {
    const { arn, name, versions } = this.#find(request.SecretId);
    const { VersionId: id } = request;
    const label = request.VersionStage ?? (id === undefined ? 'AWSCURRENT' : undefined);
    const byId = [...versions].find(([, version]) => version.id === id);
    const byStage = [...versions].find(([stage]) => stage === label);
    if (id !== undefined && label !== undefined && byId?.[0] !== byStage?.[0]) {
      const message =
        'You provided a VersionStage that is not associated to the provided VersionId.';
      throw new SecretsManagerError('InvalidRequestException', message);
    }
    const found = byId ?? byStage;
    if (!found) {
      const wanted = id === undefined ? `staging label: ${label}` : `VersionId: ${id}`;
      const message = `Secrets Manager can't find the specified secret value for ${wanted}`;
      throw new SecretsManagerError('ResourceNotFoundException', message);
    }
    const [stage, version] = found;
    return {
      ARN: arn,
      Name: name,
      VersionId: version.id,
      VersionStages: [stage],
      SecretString: version.value,
      CreatedDate: version.createdDate,
    };
  }

  /** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
  #putSecretValue(request: z.infer<typeof putSecretValueRequest>): object {
    const secret = this.#find(request.SecretId);
    const id = request.ClientRequestToken ?? randomUUID();
    const same = [...secret.versions.values()].find((version) => version.id === id);
    if (same && same.value !== request.SecretString) {
      const message = 'A version with this ClientRequestToken and another value exists.';
      throw new SecretsManagerError('ResourceExistsException', message);
    }
    if (!same) putVersion(secret, id, request.SecretString);
    return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: ['AWSCURRENT'] };
  }

  /** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html */
  #describeSecret({ SecretId }: z.infer<typeof describeSecretRequest>): object {
    const { arn, name, versions } = this.#find(SecretId);
    const stages = [...versions].map(([stage, { id }]) => [id, [stage]]);
    return { ARN: arn, Name: name, VersionIdsToStages: Object.fromEntries(stages) };
  }

  /** By ARN, by name, or by the ARN without the hyphen and six characters AWS adds to the name. */
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

/** Makes a version the current one; what was current becomes the previous one. */
function putVersion({ versions }: Secret, id: string, value: string): void {
  const replaced = versions.get('AWSCURRENT');
  if (replaced) versions.set('AWSPREVIOUS', replaced);
  versions.set('AWSCURRENT', { id, value, createdDate: Date.now() / 1000 });
}

function read<Schema extends z.ZodType>(schema: Schema, request: unknown): z.infer<Schema> {
  const reading = schema.safeParse(request);
  if (reading.success) return reading.data;
  throw new SecretsManagerError('InvalidParameterException', z.prettifyError(reading.error));
}

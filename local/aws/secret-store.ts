import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsApiError } from './aws-error';
import { parseRequest, unsupportedOperation } from './json-service';
import { SecretVersions } from './secret-versions';

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly versions: SecretVersions;
}

/** Starts the rotation of a secret in the background, into the version with an id. */
export type StartRotation = (arn: string, versionId: string) => void;

const id = z.string().min(1);
const requests = {
  GetSecretValue: z.strictObject({
    SecretId: id,
    VersionId: id.optional(),
    VersionStage: id.optional(),
  }),
  DescribeSecret: z.strictObject({ SecretId: id }),
  PutSecretValue: z.strictObject({
    SecretId: id,
    ClientRequestToken: id.optional(),
    SecretString: z.string(),
    VersionStages: z.array(id).default(['AWSCURRENT']),
  }),
  UpdateSecretVersionStage: z.strictObject({
    SecretId: id,
    VersionStage: id,
    MoveToVersionId: id.optional(),
    RemoveFromVersionId: id.optional(),
  }),
  RotateSecret: z.strictObject({ SecretId: id, ClientRequestToken: id.optional() }),
};

type Operation = keyof typeof requests;
type Handlers = {
  readonly [Name in Operation]: (request: z.infer<(typeof requests)[Name]>) => object;
};

/** Secrets in memory. */
export class SecretStore {
  readonly #secrets: Secret[] = [];
  readonly #startRotation: StartRotation;

  constructor(startRotation: StartRotation) {
    this.#startRotation = startRotation;
  }

  /** Adds a secret. Without a value it has no version. */
  add(arn: string, name: string, value: string | undefined): void {
    const versions = new SecretVersions();
    if (value !== undefined) versions.put(randomUUID(), value, ['AWSCURRENT']);
    this.#secrets.push({ arn, name, versions });
  }

  /**
   * Performs an operation of the API.
   *
   * @throws AwsApiError if the API would reject the request, or it is not supported.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
   */
  perform(operation: string, request: unknown): object {
    if (!Object.hasOwn(requests, operation)) throw unsupportedOperation(operation);
    const name = operation as Operation;
    const handle = this.#handlers[name] as (request: unknown) => object;
    return handle(parseRequest(request, requests[name], 'InvalidParameterException'));
  }

  readonly #handlers: Handlers = {
    GetSecretValue: ({ SecretId, VersionId, VersionStage }) => {
      const { arn, name, versions } = this.#find(SecretId);
      const { id: versionId, value, createdDate } = versions.get(VersionId, VersionStage);
      return {
        ...described(arn, name),
        VersionId: versionId,
        VersionStages: versions.labelsOf(versionId),
        SecretString: value,
        CreatedDate: createdDate,
      };
    },
    DescribeSecret: ({ SecretId }) => {
      const { arn, name, versions } = this.#find(SecretId);
      return { ...described(arn, name), VersionIdsToStages: versions.labels() };
    },
    PutSecretValue: ({ SecretId, ClientRequestToken, SecretString, VersionStages }) => {
      const { arn, name, versions } = this.#find(SecretId);
      const versionId = ClientRequestToken ?? randomUUID();
      versions.put(versionId, SecretString, VersionStages);
      return { ...described(arn, name), VersionId: versionId, VersionStages };
    },
    UpdateSecretVersionStage: ({
      SecretId,
      VersionStage,
      MoveToVersionId,
      RemoveFromVersionId,
    }) => {
      const { arn, name, versions } = this.#find(SecretId);
      versions.move(VersionStage, MoveToVersionId, RemoveFromVersionId);
      return described(arn, name);
    },
    RotateSecret: ({ SecretId, ClientRequestToken }) => {
      const { arn, name, versions } = this.#find(SecretId);
      const versionId = ClientRequestToken ?? randomUUID();
      versions.stage(versionId);
      this.#startRotation(arn, versionId);
      return { ...described(arn, name), VersionId: versionId };
    },
  };

  /** Finds a secret by ARN, by name, or by ARN without the suffix that AWS appends to the name. */
  #find(secretId: string): Secret {
    const secret = this.#secrets.find(
      ({ arn, name }) =>
        arn === secretId ||
        name === secretId ||
        (secretId.startsWith('arn:') && arn.replace(/-.{6}$/, '') === secretId),
    );
    if (secret) return secret;
    const message = "Secrets Manager can't find the specified secret.";
    throw new AwsApiError('ResourceNotFoundException', message);
  }
}

function described(ARN: string, Name: string): object {
  return { ARN, Name };
}

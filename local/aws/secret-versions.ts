import { AwsApiError } from './aws-error';

/** Version of a secret. One that a rotation has staged has no value yet. */
export interface SecretVersion {
  readonly id: string;
  value: string | undefined;
  /** Creation time in seconds since the epoch. */
  readonly createdDate: number;
}

/**
 * Versions of a secret and their staging labels. A label is on one version at most.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
export class SecretVersions {
  readonly #versions = new Map<string, SecretVersion>();
  /** Ids of versions by label. */
  readonly #labels = new Map<string, string>();

  /**
   * Stores a value in a version, which gets the labels. A repetition changes nothing.
   *
   * @throws AwsApiError if the version has another value.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
   */
  put(id: string, value: string, labels: readonly string[]): void {
    const version = this.#versions.get(id) ?? { id, value, createdDate: Date.now() / 1000 };
    if ((version.value ?? value) !== value) {
      const message = `A resource with the ID you requested already exists: ${id}`;
      throw new AwsApiError('ResourceExistsException', message);
    }
    version.value = value;
    this.#versions.set(id, version);
    for (const label of labels) this.#attach(label, id);
  }

  /**
   * Stages a version without a value, in which a rotation stores the new one.
   *
   * @throws AwsApiError if a rotation is in progress.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
   */
  stage(id: string): void {
    const pending = this.#labels.get('AWSPENDING');
    if (pending !== undefined && pending !== this.#labels.get('AWSCURRENT')) {
      const message = "A previous rotation isn't complete. That rotation will be reattempted.";
      throw new AwsApiError('InvalidRequestException', message);
    }
    this.#versions.set(id, { id, value: undefined, createdDate: Date.now() / 1000 });
    this.#attach('AWSPENDING', id);
  }

  /**
   * Moves a label to a version.
   *
   * @throws AwsApiError unless `from` names the version that has it.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
   */
  move(label: string, to: string | undefined, from: string | undefined): void {
    const holder = this.#labels.get(label);
    if (holder !== from && holder !== to) {
      throw new AwsApiError(
        'InvalidParameterException',
        `The parameter RemoveFromVersionId can't be empty or another version. Staging label ${label} is attached to version ${holder}`,
      );
    }
    if (to === undefined) this.#labels.delete(label);
    else if (this.#versions.has(to)) this.#attach(label, to);
    else throw notFound(`VersionId: ${to}`);
  }

  /** @throws AwsApiError if there is no such version, or it has no value. */
  get(id: string | undefined, label: string | undefined): SecretVersion & { value: string } {
    const labelled = label ?? (id === undefined ? 'AWSCURRENT' : undefined);
    const wanted = labelled === undefined ? id : this.#labels.get(labelled);
    const version = wanted === undefined ? undefined : this.#versions.get(wanted);
    const value = version?.value;
    if (version === undefined || value === undefined || (id !== undefined && version.id !== id)) {
      throw notFound(labelled === undefined ? `VersionId: ${id}` : `staging label: ${labelled}`);
    }
    return { ...version, value };
  }

  labelsOf(id: string): string[] {
    return [...this.#labels].filter(([, holder]) => holder === id).map(([label]) => label);
  }

  /** Returns the labels by version. Versions without one are deprecated, and not listed. */
  labels(): Readonly<Record<string, string[]>> {
    return Object.fromEntries([...this.#labels.values()].map((id) => [id, this.labelsOf(id)]));
  }

  #attach(label: string, id: string): void {
    const former = this.#labels.get(label);
    this.#labels.set(label, id);
    if (label === 'AWSCURRENT' && former !== undefined && former !== id) {
      this.#labels.set('AWSPREVIOUS', former);
    }
  }
}

function notFound(what: string): AwsApiError {
  const message = `Secrets Manager can't find the specified secret value for ${what}`;
  return new AwsApiError('ResourceNotFoundException', message);
}

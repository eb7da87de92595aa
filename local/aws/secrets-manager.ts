import { close, listen } from '../http-server';
import type { Resource } from '../template/unsupported';
import { createJsonService } from './json-service';
import { type AwsCall, observeOperations } from './operation-observer';
import { initialSecretValue } from './secret';
import { SecretStore, type StartRotation } from './secret-store';

/** Embedded AWS Secrets Manager, in memory. */
export interface SecretsManager {
  readonly endpoint: URL;
  /**
   * Creates the secret that the template describes.
   *
   * @param value replaces a generated value, or none. A value that the template sets stays.
   * @throws UnsupportedTemplateError naming an unsupported property.
   */
  createSecret(resource: Resource, arn: string, name: string, value?: string): void;
  /** Adds a secret that exists outside the template. */
  addSecret(arn: string, name: string, value: string): void;
  /** Stores a new current value of a secret. @throws AwsApiError if the secret does not exist. */
  putValue(arn: string, value: string): void;
  /** Starts the rotation of a secret. @throws AwsApiError if one is in progress. */
  rotate(arn: string): void;
  close(): Promise<void>;
}

/**
 * Starts an embedded Secrets Manager on a free loopback port. It accepts any credentials.
 *
 * @param log receives the reason for which a request is rejected. Default: no log.
 * @param onCall receives each call, without the body of its response. Default: no observation.
 */
export async function startSecretsManager(
  startRotation: StartRotation,
  log: (line: string) => void = () => {},
  onCall?: (call: AwsCall) => void,
): Promise<SecretsManager> {
  const store = new SecretStore(startRotation);
  const server = createJsonService(
    'secretsmanager',
    (operation, request) => store.perform(operation, request),
    ({ message }, request) => {
      const { SecretId, VersionStage } = { ...(request as Partial<Record<string, unknown>>) };
      // A rotation reads its version before that has a value.
      if (VersionStage !== 'AWSPENDING') log(`the secret ${SecretId} cannot be used: ${message}`);
    },
  );
  if (onCall) observeOperations(server, onCall);
  return {
    endpoint: await listen(server),
    createSecret(resource, arn, name, value) {
      const { value: initialValue, isSet } = initialSecretValue(resource);
      store.add(arn, name, isSet ? initialValue : (value ?? initialValue));
    },
    addSecret: (arn, name, value) => store.add(arn, name, value),
    putValue(arn, value) {
      store.perform('PutSecretValue', { SecretId: arn, SecretString: value });
    },
    rotate(arn) {
      store.perform('RotateSecret', { SecretId: arn });
    },
    close: () => close(server),
  };
}

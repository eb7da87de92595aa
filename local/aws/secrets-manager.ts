import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { close, listen } from '../http-server';
import type { Resource } from '../template/unsupported';
import { initialSecretValue } from './secret';
import { SecretStore, SecretsManagerError } from './secret-store';

/** Embedded AWS Secrets Manager, in memory, from which secrets can be read. */
export interface SecretsManager {
  readonly endpoint: URL;
  /**
   * Creates the secret that the template describes.
   *
   * @param value replaces the value that the template sets or generates.
   * @throws UnsupportedTemplateError naming an unsupported property.
   */
  createSecret(resource: Resource, arn: string, name: string, value?: string): void;
  /** Adds a secret that exists outside the template. */
  addSecret(arn: string, name: string, value: string): void;
  close(): Promise<void>;
}

/**
 * Starts an embedded Secrets Manager on a free loopback port. It accepts any credentials.
 *
 * @param log receives the reason for which a request is rejected. Default: no log.
 */
export async function startSecretsManager(
  log: (line: string) => void = () => {},
): Promise<SecretsManager> {
  const store = new SecretStore();
  const server = createServer(async (request, response) => {
    const { status, body } = await respond(store, request, log);
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  });
  return {
    endpoint: await listen(server),
    createSecret(resource, arn, name, value) {
      const initialValue = initialSecretValue(resource);
      store.add(arn, name, value ?? initialValue);
    },
    addSecret: (arn, name, value) => store.add(arn, name, value),
    close: () => close(server),
  };
}

/** @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
async function respond(
  store: SecretStore,
  request: IncomingMessage,
  log: (line: string) => void,
): Promise<{ status: number; body: object }> {
  let secretId: unknown;
  try {
    const [service, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const body = await json(request).catch(() => {
      throw new SecretsManagerError('SerializationException', 'the body is not JSON');
    });
    secretId = (body as { SecretId?: unknown }).SecretId;
    // AWS rejects unsigned requests, so that a client that does not sign must fail here too.
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
      const message = 'Missing Authentication Token';
      throw new SecretsManagerError('MissingAuthenticationTokenException', message);
    }
    if (request.method !== 'POST' || service !== 'secretsmanager') {
      throw new SecretsManagerError('UnknownOperationException', 'not a Secrets Manager operation');
    }
    return { status: 200, body: store.perform(operation, body) };
  } catch (error) {
    if (!(error instanceof SecretsManagerError)) throw error;
    log(`the secret ${secretId} cannot be read: ${error.message}`);
    return { status: 400, body: { __type: error.type, Message: error.message } };
  }
}

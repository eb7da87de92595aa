import {
  type ClientAuthentication,
  type ClientCredentials,
  parseClientCredentials,
} from '../../core/client-credentials';
import { Fault } from '../../core/errors';
import { secretText } from '../../core/secret-text';
import { createSingleFlight } from '../../core/single-flight';
import type { AwsClient } from '../aws/client';

export interface ClientCredentialsSource {
  /** Returns the credentials, from memory unless they have exceeded the maximum age. */
  get(): Promise<ClientCredentials>;
  /** Reads the secret again, after the authorization server rejected the credentials. */
  reread(): Promise<ClientCredentials>;
}

/** Maximum age of the cached secret, in seconds: a rotation is noticed no later. */
export const CREDENTIALS_MAX_AGE_SECONDS = 300;

/** Minimum time between two rereads of the secret, in seconds. */
export const REREAD_INTERVAL_SECONDS = 5;

interface Options {
  readonly secretsManager: AwsClient;
  readonly secretArn: string;
  readonly method: ClientAuthentication['method'];
  /**
   * Takes the credentials of each read, and the time in epoch seconds at which that version of the secret
   * was created.
   */
  readonly onRead?: (credentials: ClientCredentials, createdAt: number | undefined) => void;
  /** Takes the error of a read after which the credentials of an earlier one remain in use. */
  readonly onReadFailure?: (error: unknown) => void;
  /** Seconds of a clock that never steps back. */
  readonly now: () => number;
}

/**
 * Keeps the client credentials of one execution environment. While Secrets Manager cannot be reached,
 * credentials that were read before go on serving.
 *
 * Both functions throw a Fault `credentials_unavailable` or `credentials_invalid`.
 */
export function createClientCredentials(options: Options): ClientCredentialsSource {
  const { secretsManager, secretArn, method, now } = options;
  let known: { credentials: ClientCredentials; readAt: number } | undefined;
  const reads = createSingleFlight<ClientCredentials>();

  async function read(): Promise<ClientCredentials> {
    try {
      const { text, createdAt } = await readSecret(secretsManager, secretArn);
      const credentials = parseClientCredentials(text, method);
      known = { credentials, readAt: now() };
      options.onRead?.(credentials, createdAt);
    } catch (error) {
      const unavailable = error instanceof Fault && error.code === 'credentials_unavailable';
      if (known === undefined || !unavailable) throw error;
      options.onReadFailure?.(error);
      known = { ...known, readAt: now() };
    }
    return known.credentials;
  }

  async function youngerThan(seconds: number): Promise<ClientCredentials> {
    return known && now() - known.readAt < seconds ? known.credentials : reads.run(read);
  }

  return {
    get: () => youngerThan(CREDENTIALS_MAX_AGE_SECONDS),
    reread: () => youngerThan(REREAD_INTERVAL_SECONDS),
  };
}

async function readSecret(secretsManager: AwsClient, secretArn: string) {
  try {
    const response = await secretsManager('GetSecretValue', { SecretId: secretArn });
    const { CreatedDate: createdAt } = response;
    return {
      text: secretText(response),
      createdAt: typeof createdAt === 'number' ? createdAt : undefined,
    };
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'unknown error';
    throw new Fault('credentials_unavailable', `the secret could not be read (${name})`, { cause });
  }
}

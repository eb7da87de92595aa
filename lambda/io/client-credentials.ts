import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Fault } from '../core/errors';

/** What identifies us to the introspection endpoint. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface ClientCredentialsSource {
  /** The credentials, from memory unless they are over the age limit. */
  get(): Promise<ClientCredentials>;
  /** Reads the secret again: the authorization server did not accept what we have. */
  reread(): Promise<ClientCredentials>;
}

/** After this the secret is read again, in seconds: how long a rotation may go unnoticed. */
export const CREDENTIALS_MAX_AGE_SECONDS = 300;

interface Options {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
  /** Epoch seconds. */
  readonly now: () => number;
}

/**
 * Keeps the client credentials of one execution environment. While Secrets Manager cannot be reached,
 * credentials that were read before go on serving.
 *
 * Both functions throw a Fault `credentials_unavailable` or `credentials_invalid`.
 */
export function createClientCredentials(options: Options): ClientCredentialsSource {
  const { client, secretArn, now } = options;
  let known: { credentials: ClientCredentials; readAt: number } | undefined;
  let reading: Promise<ClientCredentials> | undefined;

  async function read(): Promise<ClientCredentials> {
    try {
      const credentials = parseCredentials(await readSecret(client, secretArn));
      known = { credentials, readAt: now() };
    } catch (error) {
      const unavailable = error instanceof Fault && error.code === 'credentials_unavailable';
      if (known === undefined || !unavailable) throw error;
      known = { ...known, readAt: now() };
    }
    return known.credentials;
  }

  /** Concurrent requests share one read. */
  function reread(): Promise<ClientCredentials> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    reread,
    async get() {
      if (known && now() - known.readAt < CREDENTIALS_MAX_AGE_SECONDS) return known.credentials;
      return reread();
    },
  };
}

async function readSecret(client: SecretsManagerClient, secretArn: string): Promise<string> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    return SecretString ?? '';
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'unknown error';
    throw new Fault('credentials_unavailable', `the secret could not be read (${name})`, { cause });
  }
}

function parseCredentials(text: string): ClientCredentials {
  const secret = parseObject(text);
  const clientId = secret?.['client_id'];
  const clientSecret = secret?.['client_secret'];
  if (!isNonEmptyString(clientId) || !isNonEmptyString(clientSecret)) {
    // What the secret holds instead stays unsaid: it may be a secret in the wrong shape.
    throw new Fault('credentials_invalid', 'the secret lacks client_id or client_secret');
  }
  return { clientId, clientSecret };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function isNonEmptyString(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

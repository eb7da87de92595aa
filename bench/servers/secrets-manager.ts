import type { Server } from 'node:http';
import { createJsonServer } from './json-server';

/** Secrets Manager with one secret in it. */
export function createSecretsManager(): Server {
  const SecretString = JSON.stringify({
    client_id: 'gateway',
    client_secret: 'a secret',
    cache_key: 'a cache key of at least 32 characters',
  });
  return createJsonServer(() => ({ status: 200, body: { SecretString } }));
}

import { generateKeyPairSync } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createJsonServer } from './json-server';

/** Secrets Manager with one secret in it, which is both the client's credentials and the signing keys. */
export function createSecretsManager(): RequestListener {
  const SecretString = JSON.stringify({
    client_id: 'gateway',
    client_secret: 'a secret',
    cache_key: 'a cache key of at least 32 characters',
    current: createKey('one'),
    next: createKey('two'),
  });
  return createJsonServer(() => ({ status: 200, body: { SecretString } }));
}

function createKey(kid: string): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
}

import { createAuthorizer } from '../../lambda/authorizer';
import { NO_LEASE } from '../../lambda/core/ports';
import type { Telemetry } from '../../lambda/io/telemetry/telemetry';
import { facts, NOW } from './tokens';

/** Telemetry that discards everything. */
export const silentTelemetry: Telemetry = {
  configure: () => undefined,
  during: (_, work) => work(),
  logDecision: () => undefined,
  logFault: () => undefined,
  logStartFailure: () => undefined,
  logPreparation: () => undefined,
  logHint: () => undefined,
  logTokenCacheFault: () => undefined,
  recordIntrospectionLatency: () => undefined,
  recordSigningKeyAge: () => undefined,
  countCredentialReread: () => undefined,
  countTokenCacheOperation: () => undefined,
  countSkippedIntrospection: () => undefined,
  logSecretReadFailure: () => undefined,
  recordSecretAge: () => undefined,
  recordExpiry: () => undefined,
};

/** Returns an authorizer for the tokens `token-0`, `token-1`, … with the granted scopes, and audiences if any. */
export function inMemoryAuthorizer(
  grants: readonly (readonly string[])[],
  audiences: readonly (readonly string[])[] = [],
) {
  return createAuthorizer({
    limits: { maxTtlSeconds: 0, inactiveTtlSeconds: 0, cacheControl: 'respect' },
    ports: {
      introspect: async (accessToken) => {
        const index = Number(accessToken.slice('token-'.length));
        const aud = audiences[index];
        return {
          facts: facts({ scopes: grants[index] ?? [], ...(aud && { aud }) }),
          freshness: { cacheControl: undefined, age: undefined },
        };
      },
      memoryCache: { get: () => undefined, set: () => undefined, delete: () => undefined },
      tokenCache: {
        getOrAcquire: async () => NO_LEASE,
        invalidate: async () => undefined,
      },
      now: () => NOW,
      random: () => 0,
    },
  });
}

/**
 * Defaults that the props of the constructs and the keys of the deployment config share. Each is written
 * here only; the doc comments of props are compared with it by a test.
 */
export const DEFAULTS = {
  introspectionTimeoutSeconds: 3,
  notBeforeToleranceSeconds: 60,
  senderConstraint: 'refuse',
  cacheMaxTtlSeconds: 300,
  cacheInactiveTtlSeconds: 10,
  cacheTimeoutMilliseconds: 50,
  coalesceIntrospections: true,
  resultTtlSeconds: 60,
  realm: 'api',
  phantomTokenHeader: 'x-phantom-token',
  logRetentionDays: 30,
  memoryMegabytes: 512,
  provisionedConcurrencyUtilization: 0.7,
  logIdentities: true,
  basicEncoding: 'form',
  signingKeyRotationDays: 30,
} as const;

import type { Application } from './client';

/** Lifetime of the access tokens of `impatient-app`, in seconds. */
export const SHORT_LIFE_SECONDS = 3;

/** Applications that `start` and `demo` register at the embedded authorization server. */
export const APPLICATIONS = {
  'orders-app': { scopes: ['read', 'write'] },
  'reports-app': { scopes: ['reports'] },
  'agent-app': { scopes: ['weather:read', 'alerts:write'] },
  'impatient-app': { scopes: ['read'], accessTokenTtlSeconds: SHORT_LIFE_SECONDS },
} as const satisfies Record<string, Application>;

/** Application that `start` registers, too, for APIs with mutual TLS. */
export const CERTIFICATE_BOUND_APPLICATION = {
  'partner-app': { scopes: ['read'], certificateBound: true },
} as const satisfies Record<string, Application>;

export type ApplicationName = keyof typeof APPLICATIONS;

/** Application that cannot request the scope of the sample API. */
export const APPLICATION_WITHOUT_SCOPE: ApplicationName = 'reports-app';

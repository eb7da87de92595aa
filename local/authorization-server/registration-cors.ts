import type { Context } from 'oidc-provider';

/**
 * Lets pages of every origin register as clients. Of the endpoints that such a client calls, this is the only one for
 * which oidc-provider has no CORS.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function registrationCors(registrationPath: string) {
  return async (context: Context, next: () => Promise<void>): Promise<void> => {
    if (context.path !== registrationPath) return next();
    context.set('access-control-allow-origin', '*');
    if (context.method !== 'OPTIONS') return next();
    context.set('access-control-allow-methods', 'POST');
    context.set('access-control-allow-headers', '*');
    context.status = 204;
  };
}

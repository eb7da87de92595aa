import type { HttpApi } from './http-api';

/**
 * Returns the behaviors that an HTTP API relies on although no recording from AWS shows them. The local
 * gateway imitates the likely one. `docs/local-mode.md` has a check of each, for a deployed API.
 */
export function unconfirmedOf({ routes }: HttpApi): readonly string[] {
  const isProtected = routes.all.some(({ authorizer }) => authorizer !== undefined);
  return isProtected
    ? [
        'an authorizer that throws Unauthorized gives 401',
        'a request with a trailing slash keeps the authorizer context',
      ]
    : [];
}

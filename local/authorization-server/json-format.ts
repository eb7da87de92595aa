import type { Context } from 'oidc-provider';
import { type IntrospectionResponse, isInactive } from './phantom-token';

/**
 * Responds with the JSON of oidc-provider, as most authorization servers respond. A token in the form of a JWT is
 * inactive, where oidc-provider responds with an error.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 */
export function respondWithJson(context: Context): void {
  if (!isInactive(context.body as IntrospectionResponse)) return;
  context.status = 200;
  context.body = { active: false };
}

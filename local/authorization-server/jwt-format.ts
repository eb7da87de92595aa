import type { Context } from 'oidc-provider';
import {
  type IntrospectionResponse,
  isActive,
  isInactive,
  signPhantomToken,
} from './phantom-token';
import type { SigningKey } from './signing-key';

/**
 * Responds to requests with exactly `Accept: application/jwt` as the Curity Identity Server does. The
 * response for an active token is the phantom token, which can be cached until the token expires. The
 * response for any other token is 204 without a body. oidc-provider authenticates the client and decides
 * whether the token is active.
 *
 * @see https://curity.io/resources/learn/introspect-with-phantom-token/
 */
export async function respondWithJwt(context: Context, key: SigningKey): Promise<void> {
  if (context.get('accept') !== 'application/jwt') return;
  const response = context.body as IntrospectionResponse;
  if (isActive(response)) {
    context.body = await signPhantomToken(response, key);
    context.type = 'application/jwt';
    context.set('cache-control', `max-age=${response.exp - Math.floor(Date.now() / 1000)}`);
  } else if (isInactive(response)) {
    context.body = null;
    context.status = 204;
    context.remove('cache-control');
  }
}

import type { Context } from 'oidc-provider';
import {
  type IntrospectionResponse,
  isActive,
  isInactive,
  signPhantomToken,
} from './phantom-token';
import type { SigningKey } from './signing-key';

/**
 * Answers a request with exactly `Accept: application/jwt` as the Curity Identity Server does. For
 * an active token that is the phantom token itself, which may be cached as long as the token lives;
 * for any other it is 204 with no body. Who may ask, and what is active, is still for oidc-provider
 * to say.
 *
 * @see https://curity.io/resources/learn/introspect-with-phantom-token/
 */
export async function phantomTokenAnswer(context: Context, key: SigningKey): Promise<void> {
  if (context.get('accept') !== 'application/jwt') return;
  const answer = context.body as IntrospectionResponse;
  if (isActive(answer)) {
    context.body = await signPhantomToken(answer, key);
    context.type = 'application/jwt';
    context.set('cache-control', `max-age=${answer.exp - Math.floor(Date.now() / 1000)}`);
  } else if (isInactive(answer)) {
    context.body = null;
    context.status = 204;
    context.remove('cache-control');
  }
}

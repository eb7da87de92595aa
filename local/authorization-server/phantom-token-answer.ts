import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Context } from 'oidc-provider';
import type { SigningKey } from './signing-key';

/** The members of an introspection response that a phantom token repeats. */
interface ActiveToken {
  readonly active: true;
  readonly iss: string;
  readonly aud: string;
  readonly client_id: string;
  readonly scope?: string;
  readonly iat: number;
  readonly exp: number;
}

/**
 * Extends the introspection endpoint: a request with exactly `Accept: application/jwt` is answered
 * as the Curity Identity Server does it. For an active token that is the phantom token itself,
 * which may be cached as long as the token lives; for any other it is 204 with no body. Who may
 * ask, and what is active, is still for oidc-provider to say.
 *
 * @see https://curity.io/resources/learn/introspect-with-phantom-token/
 */
export function phantomTokenAnswer(key: SigningKey) {
  return async (context: Context, next: () => Promise<void>): Promise<void> => {
    await next();
    if (context.oidc?.route !== 'introspection') return;
    if (context.get('accept') !== 'application/jwt') return;
    const answer = context.body as ActiveToken | { active: false } | { error: string };
    if ('error' in answer) {
      // oidc-provider refuses tokens that look like a JWT; to Curity they are unknown tokens.
      if (answer.error === 'unsupported_token_type') answerInactive(context);
    } else if (answer.active) {
      await answerActive(context, answer, key);
    } else {
      answerInactive(context);
    }
  };
}

function answerInactive(context: Context): void {
  context.body = null;
  context.status = 204;
  context.remove('cache-control');
}

async function answerActive(context: Context, token: ActiveToken, key: SigningKey): Promise<void> {
  const { iss, aud, client_id, scope, iat, exp } = token;
  // No user takes part, so the client is the subject; the jti must not be the access token, which
  // is what oidc-provider would take. https://www.rfc-editor.org/rfc/rfc9068#section-2.2
  const claims = { iss, aud, sub: client_id, client_id, scope, iat, exp, jti: randomUUID() };
  context.body = await new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt' })
    .sign(key.privateKey);
  context.type = 'application/jwt';
  context.set('cache-control', `max-age=${exp - Math.floor(Date.now() / 1000)}`);
}

import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningKey } from './signing-key';

/** The members of an introspection response that a phantom token repeats. */
export interface ActiveToken {
  readonly active: true;
  readonly iss: string;
  readonly aud: string;
  readonly client_id: string;
  readonly scope?: string;
  readonly iat: number;
  readonly exp: number;
}

/** What oidc-provider answers to an introspection request. */
export type IntrospectionResponse = ActiveToken | { active: false } | { error: string };

/** oidc-provider refuses tokens that look like a JWT; elsewhere they are unknown tokens. */
export const isInactive = (answer: IntrospectionResponse) =>
  'error' in answer ? answer.error === 'unsupported_token_type' : !answer.active;

export const isActive = (answer: IntrospectionResponse): answer is ActiveToken =>
  'active' in answer && answer.active;

/**
 * Makes the JWT that stands for an access token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2
 */
export async function signPhantomToken(token: ActiveToken, key: SigningKey): Promise<string> {
  const { iss, aud, client_id, scope, iat, exp } = token;
  // No user takes part, so the client is the subject; the jti must not be the access token, which
  // is what oidc-provider would take. https://www.rfc-editor.org/rfc/rfc9068#section-2.2
  const claims = { iss, aud, sub: client_id, client_id, scope, iat, exp, jti: randomUUID() };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt' })
    .sign(key.privateKey);
}

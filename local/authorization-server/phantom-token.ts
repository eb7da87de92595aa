import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningKey } from './signing-key';

/** Members of an introspection response that become claims of the phantom token. */
export interface ActiveToken {
  readonly active: true;
  readonly iss: string;
  readonly aud: string;
  /** User who authorized the client; absent with client credentials. */
  readonly sub?: string;
  readonly client_id: string;
  readonly scope?: string;
  readonly iat: number;
  readonly exp: number;
  /** Thumbprint of the client's key or certificate, if the token is bound to it. */
  readonly cnf?: Readonly<Record<string, string>>;
}

/** Introspection response of oidc-provider. */
export type IntrospectionResponse = ActiveToken | { active: false } | { error: string };

/** Returns whether a token is inactive. oidc-provider rejects tokens in the form of a JWT; other servers treat them as unknown. */
export const isInactive = (response: IntrospectionResponse) =>
  'error' in response ? response.error === 'unsupported_token_type' : !response.active;

export const isActive = (response: IntrospectionResponse): response is ActiveToken =>
  'active' in response && response.active;

/**
 * Signs the JWT for an access token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2
 */
export async function signPhantomToken(token: ActiveToken, key: SigningKey): Promise<string> {
  const { iss, aud, client_id, sub = client_id, scope, iat, exp, cnf } = token;
  // Without a user the client is the subject. The jti must not be the access token, which
  // oidc-provider would use. https://www.rfc-editor.org/rfc/rfc9068#section-2.2
  const claims = { iss, aud, sub, client_id, scope, iat, exp, cnf, jti: randomUUID() };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt' })
    .sign(key.privateKey);
}

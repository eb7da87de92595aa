import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { JWK } from 'jose';
import type { Context } from 'oidc-provider';
import { verifiedClient } from '../tls/client-verification';

/**
 * Authentication of a client at the endpoints.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591#section-2
 */
export type ClientAuthentication =
  | { readonly method: 'client_secret_basic' | 'client_secret_post' }
  | {
      readonly method: 'private_key_jwt';
      /** Public keys of the client. */
      readonly jwks: { readonly keys: readonly JWK[] };
    }
  | {
      readonly method: 'tls_client_auth';
      /** Subject of the certificate as in RFC 4514, for example `CN=gateway,O=Example`. */
      readonly subjectDn: string;
    };

/** Returns the client metadata for oidc-provider, without the secret. */
export function authenticationMetadata(authentication: ClientAuthentication): object {
  const method = { token_endpoint_auth_method: authentication.method };
  if (authentication.method === 'private_key_jwt') {
    return { ...method, jwks: authentication.jwks };
  }
  if (authentication.method === 'tls_client_auth') {
    return { ...method, tls_client_auth_subject_dn: authentication.subjectDn };
  }
  return method;
}

/**
 * oidc-provider's access to the client certificate, which the TLS layer has verified.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8705
 */
export const MUTUAL_TLS = {
  enabled: true,
  certificateBoundAccessTokens: true,
  getCertificate: certificate,
  certificateAuthorized: ({ req: { socket } }: Context) =>
    socket instanceof TLSSocket && verifiedClient(socket) === 'trusted',
  // Node.js returns a line for each part in the order of the certificate, which RFC 4514 reverses.
  certificateSubjectMatches: (context: Context, _property: string, expected: string) =>
    certificate(context)?.subject.split('\n').reverse().join(',') === expected,
};

function certificate({ req: { socket } }: Context): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}

/**
 * Rejects Basic authentication of a client registered for `client_secret_post`, as strict servers do.
 * oidc-provider accepts it.
 */
export async function rejectBasic(context: Context, next: () => Promise<void>): Promise<void> {
  await next();
  if (context.oidc?.route !== 'introspection' || context.get('authorization') === '') return;
  context.status = 401;
  context.body = { error: 'invalid_client' };
}

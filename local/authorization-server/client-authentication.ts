import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { JWK } from 'jose';
import type { Context } from 'oidc-provider';

/**
 * How a client authenticates at the endpoints.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591#section-2
 */
export type ClientAuthentication =
  | { readonly method: 'client_secret_basic' | 'client_secret_post' }
  | {
      readonly method: 'private_key_jwt';
      /** The public keys. */
      readonly jwks: { readonly keys: readonly JWK[] };
      /** The only algorithm taken. Default: any that fits a key. */
      readonly signingAlg?: 'PS256' | 'ES256' | 'RS256' | 'EdDSA';
    }
  | {
      readonly method: 'tls_client_auth';
      /** The certificate's subject as in RFC 4514, for example `CN=gateway,O=Example`. */
      readonly subjectDn: string;
    };

/** The client metadata that oidc-provider wants for it, the secret left aside. */
export function authenticationMetadata(authentication: ClientAuthentication): object {
  const method = { token_endpoint_auth_method: authentication.method };
  if (authentication.method === 'private_key_jwt') {
    const { jwks, signingAlg } = authentication;
    return { ...method, jwks, token_endpoint_auth_signing_alg: signingAlg };
  }
  if (authentication.method === 'tls_client_auth') {
    return { ...method, tls_client_auth_subject_dn: authentication.subjectDn };
  }
  return method;
}

/**
 * The TLS layer has checked the certificate against its authorities; this is how oidc-provider
 * learns of it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8705#section-2.1
 */
export const mutualTls = {
  enabled: true,
  tlsClientAuth: true,
  getCertificate: certificate,
  certificateAuthorized: ({ req: { socket } }: Context) =>
    socket instanceof TLSSocket && socket.authorized,
  // Node.js gives a line for each part, in the order of the certificate, which RFC 4514 reverses.
  certificateSubjectMatches: (context: Context, _property: string, expected: string) =>
    certificate(context)?.subject.split('\n').reverse().join(',') === expected,
};

function certificate({ req: { socket } }: Context): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}

/**
 * Refuses what oidc-provider lets pass: Basic authentication of the client that is registered for
 * `client_secret_post`. Servers that are as strict exist, so a gateway has to do what it is told.
 */
export async function refuseBasic(context: Context, next: () => Promise<void>): Promise<void> {
  await next();
  if (context.oidc?.route !== 'introspection' || context.get('authorization') === '') return;
  context.status = 401;
  context.body = { error: 'invalid_client' };
}

import { randomBytes } from 'node:crypto';
import type { errors } from 'oidc-provider';
import type { Application, ClientCredentials } from './client';
import {
  authenticationMetadata,
  type ClientAuthentication,
  MUTUAL_TLS,
} from './client-authentication';
import type { IntrospectionFormat } from './introspection-format';
import type { SigningKey } from './signing-key';
import { TokenStore } from './token-store';

const DEFAULT_ACCESS_TOKEN_TTL_SECONDS = 600;

interface Parties {
  /** Claim `aud` of every token. */
  readonly audience: string;
  /** Client that can introspect, and nothing else. */
  readonly gateway: ClientCredentials & { readonly authentication: ClientAuthentication };
  /** Clients that can request access tokens, and nothing else. */
  readonly applications: readonly (ClientCredentials & Application)[];
}

/**
 * Returns the configuration of oidc-provider: opaque access tokens by client credentials, and
 * introspection. Options whose defaults cause warnings are set.
 *
 * @see https://github.com/panva/node-oidc-provider/blob/main/docs/README.md
 */
export function providerConfiguration(
  { audience, gateway, applications }: Parties,
  format: IntrospectionFormat,
  key: SigningKey,
  { InvalidTarget }: typeof errors,
): object {
  const ttl = new Map(
    applications.map(({ clientId, accessTokenTtlSeconds }) => [clientId, accessTokenTtlSeconds]),
  );
  const scopes = [...new Set(applications.flatMap((application) => application.scopes))];
  // A resource indicator must be a URI, an audience need not. https://www.rfc-editor.org/rfc/rfc8707#section-2
  const resource = `urn:audience:${encodeURIComponent(audience)}`;
  const signedResponse = format === 'signed-introspection-response';
  return {
    adapter: TokenStore,
    jwks: { keys: [key.jwk] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes,
    clients: [
      {
        ...registration(gateway),
        ...authenticationMetadata(gateway.authentication),
        ...(signedResponse ? { introspection_signed_response_alg: key.alg } : {}),
        grant_types: [],
      },
      ...applications.map((application) => ({
        ...registration(application),
        grant_types: ['client_credentials'],
        scope: application.scopes.join(' '),
        tls_client_certificate_bound_access_tokens: application.certificateBound ?? false,
      })),
    ],
    clientAuthMethods: [...new Set(['client_secret_basic', gateway.authentication.method])],
    ttl: {
      ClientCredentials: (_context: unknown, _token: unknown, client: { clientId: string }) =>
        ttl.get(client.clientId) ?? DEFAULT_ACCESS_TOKEN_TTL_SECONDS,
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (
          _context: unknown,
          client: { clientId: string },
          token: { clientId: string },
        ) => client.clientId === token.clientId,
      },
      // A client that sends a proof gets a token that is bound to its key.
      dPoP: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_context: unknown, client: { clientId: string }) =>
          client.clientId === gateway.clientId,
      },
      jwtIntrospection: { enabled: signedResponse },
      mTLS: {
        ...MUTUAL_TLS,
        tlsClientAuth: gateway.authentication.method === 'tls_client_auth',
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        getResourceServerInfo: (_context: unknown, indicator: string) => {
          if (indicator !== resource) throw new InvalidTarget();
          return { audience, scope: scopes.join(' '), accessTokenFormat: 'opaque' };
        },
      },
    },
  };
}

const registration = ({ clientId, clientSecret }: ClientCredentials) => ({
  client_id: clientId,
  client_secret: clientSecret,
  redirect_uris: [],
  response_types: [],
});

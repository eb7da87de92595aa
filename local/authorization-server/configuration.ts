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

const HOUR_SECONDS = 3600;
const FORTNIGHT_SECONDS = 14 * 24 * HOUR_SECONDS;

/**
 * Lifetimes of tokens, grants and sessions of users, in seconds. They are the defaults of oidc-provider, which prints a
 * notice for each default that it uses. Only a rotated refresh token of a public client differs: it is valid for two more
 * weeks, not for the rest of the former.
 */
const SIGN_IN_TTL = {
  AccessToken: HOUR_SECONDS,
  Grant: FORTNIGHT_SECONDS,
  IdToken: HOUR_SECONDS,
  Interaction: HOUR_SECONDS,
  RefreshToken: FORTNIGHT_SECONDS,
  Session: FORTNIGHT_SECONDS,
};

interface Parties {
  /** Claim `aud` of tokens for no other resource. */
  readonly audience: string;
  /** Resource indicators that are the claim `aud` of the tokens for them. */
  readonly resources: readonly string[];
  /** True if users can sign in and clients can register. */
  readonly interactive: boolean;
  /** Client that can introspect, and nothing else. */
  readonly gateway: ClientCredentials & { readonly authentication: ClientAuthentication };
  /** Clients that can request access tokens, and nothing else. */
  readonly applications: readonly (ClientCredentials & Application)[];
}

/**
 * Returns the configuration of oidc-provider: opaque access tokens by client credentials and, if it is
 * interactive, by authorization code, and introspection. Options whose defaults cause warnings are set.
 *
 * @see https://github.com/panva/node-oidc-provider/blob/main/docs/README.md
 */
export function providerConfiguration(
  { audience, resources, interactive, gateway, applications }: Parties,
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
    // The scope offline_access lets clients register for refresh tokens, as most MCP clients do.
    scopes: interactive ? [...scopes, 'offline_access'] : scopes,
    ...(interactive && { responseTypes: ['code'] }),
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
    clientAuthMethods: [
      ...new Set([
        'client_secret_basic',
        gateway.authentication.method,
        ...(interactive ? ['client_secret_post', 'none'] : []),
      ]),
    ],
    // Every name is that of a user.
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId }),
    }),
    // Pages of every origin can use the token endpoint.
    clientBasedCORS: () => interactive,
    ttl: {
      ...SIGN_IN_TTL,
      ClientCredentials: (_context: unknown, _token: unknown, client: { clientId: string }) =>
        ttl.get(client.clientId) ?? DEFAULT_ACCESS_TOKEN_TTL_SECONDS,
    },
    features: {
      devInteractions: { enabled: interactive },
      registration: { enabled: interactive },
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
          const aud = resources.includes(indicator) ? indicator : audience;
          if (aud === audience && indicator !== resource) throw new InvalidTarget();
          return { audience: aud, scope: scopes.join(' '), accessTokenFormat: 'opaque' };
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

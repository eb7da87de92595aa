/** Claims of a verified phantom token. */
export type PhantomTokenClaims = Readonly<Record<string, unknown>>;

/**
 * Identity of the caller as MCP SDK servers take it: `AuthInfo` of `@modelcontextprotocol/sdk` and of
 * `@modelcontextprotocol/server`.
 *
 * @see https://github.com/modelcontextprotocol/typescript-sdk
 */
export interface AuthInfo {
  /** The phantom token (the bare JWT). */
  token: string;
  /** OAuth client of the caller; empty if the token names none. */
  clientId: string;
  /** Scopes of the phantom token. */
  scopes: string[];
  /** Expiry of the phantom token, in seconds since the epoch. */
  expiresAt?: number;
  /** All claims of the phantom token, such as `sub`. */
  extra: Record<string, unknown>;
}

/**
 * Claims that name the client, by preference: of RFC 9068, of OpenID Connect, of Okta and of Microsoft Entra
 * ID.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 * @see https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
 */
const CLIENT_CLAIMS = ['client_id', 'azp', 'cid', 'appid'];

/** Claims that list the scopes, by preference: of RFC 9068, and of Okta and Microsoft Entra ID. */
const SCOPE_CLAIMS = ['scope', 'scp'];

/** Returns the identity that the claims of a verified phantom token state. */
export function authInfoOf(token: string, claims: PhantomTokenClaims): AuthInfo {
  const clientId = CLIENT_CLAIMS.map((name) => claims[name]).find(isNonEmptyString) ?? '';
  const scopes = SCOPE_CLAIMS.map((name) => claims[name]).find((value) => value !== undefined);
  const { exp } = claims;
  return {
    token,
    clientId,
    scopes: scopesOf(scopes),
    ...(typeof exp === 'number' && { expiresAt: exp }),
    extra: { ...claims },
  };
}

/** Returns the scopes of a string with spaces, or of a list. */
function scopesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter(isNonEmptyString);
  return typeof value === 'string' ? value.split(' ').filter(isNonEmptyString) : [];
}

function isNonEmptyString(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

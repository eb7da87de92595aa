import { type Comparison, compare } from './comparison';
import type { JsonObject } from './json';

/** Members of a response, and claims of a JWT, that state the kind of a token. */
export const KIND_MEMBERS = ['token_type', 'token_use', 'typ'] as const;

export type KindStatements = Readonly<Record<(typeof KIND_MEMBERS)[number], string | undefined>>;

/**
 * Types of access tokens: those of RFC 6750 and RFC 9449, `JWT`, which WSO2 states, and `access_token`, which Duende
 * IdentityServer states.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-7.1
 * @see https://docs.duendesoftware.com/identityserver/reference/endpoints/introspection
 */
const ACCESS_TOKEN_TYPES: readonly string[] = ['bearer', 'dpop', 'jwt', 'access_token'];

/** Uses of access tokens, as Ory Hydra and Amazon Cognito state them. */
const ACCESS_TOKEN_USES: readonly string[] = ['access_token', 'access'];

/**
 * Values of Keycloak's claim `typ` that other tokens have. Access tokens of other servers have values of
 * their own there, so the others are listed.
 * @see https://github.com/keycloak/keycloak/blob/main/core/src/main/java/org/keycloak/util/TokenUtil.java
 */
const OTHER_TYP_CLAIMS: readonly string[] = ['id', 'refresh', 'offline', 'logout'];

const STATES_ACCESS_TOKEN: Readonly<Record<keyof KindStatements, (value: string) => boolean>> = {
  token_type: (value) => ACCESS_TOKEN_TYPES.includes(value.toLowerCase()),
  token_use: (value) => ACCESS_TOKEN_USES.includes(value),
  typ: (value) => !OTHER_TYP_CLAIMS.includes(value.toLowerCase()),
};

/**
 * Returns the first statement that a token is not an access token, such as `token_type: Refresh`, or
 * `undefined`. Absent members state nothing.
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 */
export function otherKind(statements: KindStatements): string | undefined {
  for (const name of KIND_MEMBERS) {
    const value = statements[name];
    if (value !== undefined && !STATES_ACCESS_TOKEN[name](value)) return `${name}: ${value}`;
  }
  return undefined;
}

/**
 * Treatment of responses without `token_type`. Some servers call refresh tokens and authorization codes active,
 * and mark them by that alone.
 */
export type Untyped = 'accept' | 'refuse';

/** Returns the denial of a token whose response states no `token_type`, where that is refused. */
export function untypedDenial(members: JsonObject, untyped: Untyped | undefined) {
  const type = members['token_type'] ?? undefined;
  return untyped === 'refuse' && type === undefined
    ? notAccessToken(compare('a token_type', undefined))
    : undefined;
}

/** Returns the status of a token that is not an access token. */
export function notAccessToken(comparison: Comparison) {
  return { invalid: 'token_not_access_token', comparison } as const;
}

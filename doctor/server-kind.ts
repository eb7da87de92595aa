/** Authorization servers that are recognized by their URLs. */
export type ServerKind = 'keycloak' | 'curity' | 'wso2';

const ENDPOINTS: readonly (readonly [ServerKind, RegExp])[] = [
  ['keycloak', /\/realms\/[^/]+\/protocol\/openid-connect\/token\/introspect$/],
  ['curity', /\/oauth\/v2\/oauth-introspect$/],
  ['wso2', /^https?:\/\/[^/]+(\/t\/[^/]+)?\/oauth2\/introspect$/],
];

/** Returns the kind of an authorization server by the default path of its introspection endpoint. */
export function serverKind(introspectionEndpoint: string): ServerKind | undefined {
  return ENDPOINTS.find(([, pattern]) => pattern.test(introspectionEndpoint))?.[0];
}

/** Settings of `introspection` and `cache` that a server needs. */
export const RECIPES: Readonly<Record<ServerKind, Recipe>> = {
  keycloak: {
    name: 'Keycloak',
    introspection: { response: { member: 'jwt' }, accept: 'application/jwt' },
    cacheControl: 'ignore',
    onServer:
      'From version 25 on. On the gateway\'s client turn "Support JWT claim in Introspection Response" on, and put that client into the audience of the access tokens.',
    anchor: 'keycloak-25-and-later',
  },
  curity: {
    name: 'Curity Identity Server',
    introspection: {},
    onServer: 'The client needs the introspection capability and a secret.',
    anchor: 'curity-the-jwt-itself',
  },
  wso2: {
    name: 'WSO2 Identity Server',
    introspection: { response: { member: 'token_string' }, parameters: { required_claims: '' } },
    onServer:
      'Turn on a JWT in the introspection response. Its JWTs have an issuer of their own, no audience and no scope.',
    anchor: 'wso2-identity-server',
  },
};

interface Recipe {
  readonly name: string;
  readonly introspection: {
    readonly response?: { readonly member: string };
    readonly accept?: string;
    readonly parameters?: Readonly<Record<string, string>>;
  };
  readonly cacheControl?: 'ignore';
  /** Sentences about the settings of the server. */
  readonly onServer: string;
  /** Section of docs/authorization-servers.md. */
  readonly anchor: string;
}

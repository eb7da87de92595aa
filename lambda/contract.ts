/**
 * Names that stand on both sides of the deployment: the constructs write them into the template, the
 * authorizer reads them at run time. Nothing else of `lambda` may be imported by `lib`.
 */

/** Environment variables of the authorizer function. `core/config.ts` says what each may hold. */
export const EnvironmentVariable = {
  introspectionEndpoint: 'INTROSPECTION_ENDPOINT',
  introspectionTimeoutSeconds: 'INTROSPECTION_TIMEOUT_SECONDS',
  introspectionAccept: 'INTROSPECTION_ACCEPT',
  introspectionParameters: 'INTROSPECTION_PARAMETERS',
  introspectionResponseMember: 'INTROSPECTION_RESPONSE_MEMBER',
  introspectionCaBundle: 'INTROSPECTION_CA_BUNDLE',
  clientAuthentication: 'INTROSPECTION_CLIENT_AUTHENTICATION',
  credentialsSecretArn: 'INTROSPECTION_CREDENTIALS_SECRET_ARN',
  tokenIssuer: 'TOKEN_ISSUER',
  tokenAudience: 'TOKEN_AUDIENCE',
  tokenTypes: 'TOKEN_TYPES',
  tokenJwksUri: 'TOKEN_JWKS_URI',
  tokenCacheTable: 'TOKEN_CACHE_TABLE',
  cacheMaxTtlSeconds: 'CACHE_MAX_TTL_SECONDS',
  cacheInactiveTtlSeconds: 'CACHE_INACTIVE_TTL_SECONDS',
  cacheControl: 'CACHE_CONTROL',
  requiredScopes: 'REQUIRED_SCOPES',
  routeScopes: 'ROUTE_SCOPES',
  usageIdentifierClaim: 'USAGE_IDENTIFIER_CLAIM',
} as const;

/** Keys of the authorizer context, which integrations and upstream functions read. */
export const ContextKey = {
  /** The complete header value, `Bearer ` and the JWT: a REST API's mappings cannot concatenate. */
  authorization: 'authorization',
  /** The bare JWT, on HTTP APIs. */
  jwt: 'jwt',
  subject: 'sub',
  clientId: 'client_id',
  scope: 'scope',
  expiry: 'exp',
} as const;

/** Attributes of the token cache's items. */
export const TokenCacheAttribute = {
  /** Partition key: a digest that reveals nothing of the access token. */
  id: 'id',
  /** The sealed entry. */
  sealed: 'sealed',
  /** The entry's own end in epoch seconds; compared on every read. */
  expiresAt: 'expires_at',
  /** When DynamoDB may delete the item, epoch seconds; never trusted for expiry. */
  timeToLive: 'ttl',
} as const;

/** How a route is named in `ROUTE_SCOPES`, and by HTTP APIs: the method (or `ANY`) and resource path. */
export function routeKey(method: string, resourcePath: string): string {
  return `${method.toUpperCase()} ${resourcePath}`;
}

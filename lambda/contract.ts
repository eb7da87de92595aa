/**
 * Names that are used on both sides of the deployment: the constructs write them into the template, the
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
  tokenNotBeforeToleranceSeconds: 'TOKEN_NOT_BEFORE_TOLERANCE_SECONDS',
  tokenUntyped: 'TOKEN_UNTYPED',
  tokenMint: 'TOKEN_MINT',
  tokenSenderConstraint: 'TOKEN_SENDER_CONSTRAINT',
  tokenCacheTable: 'TOKEN_CACHE_TABLE',
  cacheMaxTtlSeconds: 'CACHE_MAX_TTL_SECONDS',
  cacheInactiveTtlSeconds: 'CACHE_INACTIVE_TTL_SECONDS',
  cacheControl: 'CACHE_CONTROL',
  cacheTimeoutMilliseconds: 'CACHE_TIMEOUT_MILLISECONDS',
  cacheCoalesceIntrospections: 'CACHE_COALESCE_INTROSPECTIONS',
  scopeRules: 'SCOPE_RULES',
  usageIdentifierClaim: 'USAGE_IDENTIFIER_CLAIM',
  logIdentities: 'LOG_IDENTITIES',
} as const;

/** Environment variables of the functions that sign phantom tokens, rotate their keys or publish them. */
export const SigningVariable = {
  /** ARN of the secret with the signing keys. */
  secretArn: 'SIGNING_KEYS_SECRET_ARN',
  /** ARN of the KMS key that signs. */
  kmsKeyArn: 'SIGNING_KMS_KEY_ARN',
  /** Algorithm of the keys that rotations make. */
  algorithm: 'SIGNING_ALGORITHM',
  /** Name of the parameter that contains the published key set. */
  keySetParameter: 'KEY_SET_PARAMETER',
  /** ARNs of the KMS keys that are published, as a JSON list. */
  publishedKmsKeyArns: 'PUBLISHED_KMS_KEY_ARNS',
  /** The claim `iss` of minted tokens. */
  issuer: 'SIGNING_ISSUER',
} as const;

/** Environment variables of the function that serves metadata. */
export const MetadataVariable = {
  /** Documents by their paths, as a JSON object. */
  documents: 'METADATA_DOCUMENTS',
  /** URL of the authorization server's metadata, which is served at {@link KeySetPath.metadata}. */
  authorizationServer: 'AUTHORIZATION_SERVER_METADATA',
} as const;

/**
 * Claims of minted phantom tokens that no rule can set: those that the authorizer sets itself, and those that say
 * what the response said to the gateway alone.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 */
export const RESERVED_CLAIMS: readonly string[] = [
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'scope'],
  ...['auth_time', 'acr', 'amr', 'act', 'cnf', 'typ'],
  ...['active', 'token_type', 'token_use', 'token_introspection'],
];

/** Members of an introspection response that never become claims, under any name. */
export const UNMINTABLE_MEMBERS: readonly string[] = [
  ...['active', 'token_type', 'token_use', 'cnf', 'aud', 'iss'],
];

/** Paths of the documents that publish the signing keys. */
export const KeySetPath = {
  /** @see https://www.rfc-editor.org/rfc/rfc7517#section-5 */
  keySet: '/.well-known/jwks.json',
  /** @see https://www.rfc-editor.org/rfc/rfc8414#section-3 */
  metadata: '/.well-known/oauth-authorization-server',
} as const;

/**
 * Headers of responses to preflight requests for public documents. Clients in browsers add headers such as
 * `MCP-Protocol-Version`.
 */
export const PUBLIC_PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '3600',
} as const;

/**
 * Keys of the authorizer context, which integrations and upstream functions read. Values other than the
 * JWT are percent-encoded where they hold `"`, `\`, `%`, or anything but printable ASCII.
 */
export const ContextKey = {
  /** The complete header value, `Bearer ` and the JWT: a REST API's mappings cannot concatenate. */
  authorization: 'authorization',
  /** The bare JWT, on HTTP APIs. */
  jwt: 'jwt',
  subject: 'sub',
  clientId: 'client_id',
  scope: 'scope',
  expiry: 'exp',
  /** Scopes that the request needs, separated by spaces, on a 403 only. */
  requiredScope: 'required_scope',
  /** Trace context of the client, where the result is for one request only. */
  traceparent: 'traceparent',
} as const;

/**
 * Treatment of tokens that are bound to their senders: `accept` also takes tokens that are not bound, and
 * `require` does not.
 */
export type SenderConstraint = 'refuse' | 'accept' | 'require';

/**
 * Algorithms of DPoP proofs, which challenges name: those that FAPI 2.0 allows.
 *
 * @see https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.4.1
 * @see https://www.rfc-editor.org/rfc/rfc9864
 */
export const DPOP_ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519', 'PS256'] as const;

/** Attributes of the token cache's items, of which there is one for each access token. */
export const TokenCacheAttribute = {
  /** Partition key: a digest that reveals nothing of the access token. */
  id: 'id',
  /** Sealed result of an introspection. */
  sealed: 'sealed',
  /** Expiry of the result in epoch seconds; compared on every read. */
  expiresAt: 'expires_at',
  /**
   * Fencing token. Each lease and each invalidation sets a new one, and a result is stored only under the
   * one that its introspection began with.
   */
  leaseId: 'lease_id',
  /** Expiry of the lease in epoch milliseconds; absent once the lease was completed or released. */
  leaseExpiresAt: 'lease_expires_at',
  /** Time of the last invalidation in epoch seconds, for operators. */
  invalidatedAt: 'invalidated_at',
  /** Time from which DynamoDB may delete the item, in epoch seconds; never trusted for expiry. */
  timeToLive: 'ttl',
} as const;

/** Namespace of the authorizer's CloudWatch metrics. */
export const METRIC_NAMESPACE = 'PhantomTokenAuthorizer';

/**
 * The authorizer's metrics, emitted in the embedded metric format with the log line of each decision that
 * did work. Memory-cache hits are not counted; derive them as invocations minus errors minus decisions
 * other than 401. Every metric has the dimension `function_name`; some have a second one.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const Metric = {
  /** Decisions that did work; also by `outcome` and by `source`. */
  decisions: 'Decisions',
  /** Requests that could not be decided; also by `code`. */
  faults: 'Faults',
  /** Duration of introspections, retries included, in milliseconds. */
  introspectionLatency: 'IntrospectionLatency',
  /** Introspections that were not sent because the circuit was open. */
  introspectionsSkipped: 'IntrospectionsSkipped',
  /** Operations of the token cache, including those that failed. */
  tokenCacheOperations: 'TokenCacheOperations',
  /** Operations of the token cache that failed, timed out or were skipped because the circuit was open. */
  tokenCacheFaults: 'TokenCacheFaults',
  /** Rereads of the secret after the authorization server rejected the credentials. */
  credentialRereads: 'CredentialRereads',
  /** DPoP proofs that were used before. */
  replayedProofs: 'ReplayedProofs',
  /** Requests that could not be decided because no phantom token could be signed; also among the faults. */
  signingFaults: 'SigningFaults',
  /** Age of the key that signs phantom tokens, in days. */
  signingKeyAgeDays: 'SigningKeyAgeDays',
  /** Reads of the secret that failed while the credentials of an earlier read are in use. */
  secretReadFailures: 'SecretReadFailures',
  /** Age of the secret's current version, in days. */
  secretAgeDays: 'SecretAgeDays',
  /** Days until a certificate expires; also by `material`. */
  daysToExpiry: 'DaysToExpiry',
  /** Execution environments that decided their first request. */
  coldStarts: 'ColdStarts',
} as const;

/** Dimensions of the metrics. */
export const MetricDimension = {
  functionName: 'function_name',
  outcome: 'outcome',
  source: 'source',
  code: 'code',
  /** Certificates that expire: `client_certificate` or `ca_bundle`. */
  material: 'material',
} as const;

/**
 * `SCOPE_RULES` says what the routes of each API require: a JSON object with a list of rules for each API's
 * id. A rule consists of the alternatives, each a list of scopes, the routes that require one of them, and
 * the conditions of these routes, if any. A route is named as `routeKey` does, with a comma between methods
 * that require the same of a path. In place of a long list stands its JSON, deflated and in base64. An API
 * with settings of its own has an object in place of its list, with the member `rules` and at least one other:
 * `audience` (a list of strings that replaces `TOKEN_AUDIENCE`), `publicUrls` (a list of base URLs) or
 * `uncached` (`true` if API Gateway caches no result of it).
 *
 * @see https://www.rfc-editor.org/rfc/rfc1951
 */
export type ScopeRule = readonly [
  alternatives: readonly (readonly string[])[],
  routes: readonly string[],
  conditions?: RouteConditions,
];

/** Conditions of routes in addition to their scopes. It has at least one member. */
export interface RouteConditions {
  /**
   * Alternatives that calls of an MCP tool require in addition to those of the route, by the tool's name.
   * {@link EVERY_OTHER_TOOL} stands for the tools that are not named. Without it they cannot be called.
   */
  readonly tools?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Audience of the routes, in place of that of the API. */
  readonly audience?: readonly string[];
}

/** Name in {@link RouteConditions.tools} for the tools that are not named. */
export const EVERY_OTHER_TOOL = '*';

/** Stands in `SCOPE_RULES` for every route of an API. */
export const EVERY_ROUTE_NAME = '*';

/** Returns the name of a route in `SCOPE_RULES` and on HTTP APIs: the method (or `ANY`) and resource path. */
export function routeKey(method: string, resourcePath: string): string {
  return `${method.toUpperCase()} ${resourcePath}`;
}

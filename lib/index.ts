/**
 * CDK constructs for the phantom token pattern at Amazon API Gateway.
 *
 * @module phantom-token-authorizer
 */
export { PhantomTokenHttpApi, type PhantomTokenHttpApiProps } from './api/phantom-token-http-api';
export { PhantomTokenRestApi, type PhantomTokenRestApiProps } from './api/phantom-token-rest-api';
export { AuthorizerFunction } from './authorizer/authorizer-function';
export type { AuthorizerFunctionProps } from './authorizer/authorizer-function-props';
export { AuthorizerMetrics } from './authorizer/authorizer-metrics';
export { CacheControl } from './authorizer/cache-control';
export {
  AssertionAlgorithm,
  BasicEncoding,
  ClientAuthentication,
} from './authorizer/client-authentication';
export { CredentialsSecret, type CredentialsSecretProps } from './authorizer/credentials-secret';
export {
  type DecisionMetricOptions,
  DecisionSource,
  type FaultMetricOptions,
  Outcome,
} from './authorizer/decision-metric-options';
export { IntrospectionResponse } from './authorizer/introspection-response';
export type { ExpressionOptions } from './authorizer/metric-expression';
export { type PhantomTokenMinting, UntypedTokens } from './authorizer/minting';
export { SenderConstraint } from './authorizer/sender-constraint';
export { TokenCacheTable, type TokenCacheTableProps } from './authorizer/token-cache-table';
export { UsageIdentifierClaim } from './authorizer/usage-identifier-claim';
export type { IMonitoredApi } from './observability/monitored-api';
export { PhantomTokenAlarms } from './observability/phantom-token-alarms';
export type { PhantomTokenAlarmsProps } from './observability/phantom-token-alarms-props';
export {
  PhantomTokenDashboard,
  type PhantomTokenDashboardProps,
} from './observability/phantom-token-dashboard';
export { SavedQueries, type SavedQueriesProps } from './observability/saved-queries';
export type {
  ApiProtectionOptions,
  RouteAuthorizerOptions,
} from './protection/api-protection-options';
export type { ProtectAllOptions } from './protection/existing-routes';
export {
  HttpApiProtection,
  type HttpApiProtectionProps,
  PHANTOM_TOKEN_HEADER,
} from './protection/http-api-protection';
export type { ProtectedResource } from './protection/protected-resources';
export {
  PhantomTokenRestIntegration,
  type PhantomTokenRestIntegrationOptions,
} from './protection/rest/phantom-token-rest-integration';
export { RestApiProtection, type RestApiProtectionProps } from './protection/rest-api-protection';
export type { McpEndpoint, RequiredScopes, Route } from './scopes/route-scopes';
export { KeySet, type KeySetProps } from './signing/key-set';
export { type ISigningKeys, SigningAlgorithm } from './signing/signing-keys';
export { SigningKeysSecret, type SigningKeysSecretProps } from './signing/signing-keys-secret';
export { SigningKmsKey, type SigningKmsKeyProps } from './signing/signing-kms-key';
export { DeploymentConfigError, loadDeploymentConfig } from './stack/config/deployment-config';
export type { DeploymentConfig } from './stack/config/schema';
export { PhantomTokenStack, type PhantomTokenStackProps } from './stack/phantom-token-stack';
export { PropError } from './validation/prop-error';

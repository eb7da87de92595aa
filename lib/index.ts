export type { ApiProtectionOptions, RouteAuthorizerOptions } from './api-protection';
export { CacheControl } from './authorizer-environment';
export { AuthorizerFunction } from './authorizer-function';
export type { AuthorizerFunctionOptions } from './authorizer-function-options';
export type { AuthorizerFunctionProps } from './authorizer-function-props';
export {
  AuthorizerMetrics,
  type DecisionMetricOptions,
  DecisionSource,
  type ExpressionOptions,
  type FaultMetricOptions,
  Outcome,
} from './authorizer-metrics';
export { AssertionAlgorithm, ClientAuthentication } from './client-authentication';
export { CredentialsSecret, type CredentialsSecretProps } from './credentials-secret';
export { DeploymentConfigError, loadDeploymentConfig } from './deployment-config';
export type { DeploymentConfig } from './deployment-config-schema';
export {
  HttpApiProtection,
  type HttpApiProtectionProps,
  PHANTOM_TOKEN_HEADER,
} from './http-api-protection';
export { IntrospectionResponse } from './introspection-response';
export { PhantomTokenAlarms, type PhantomTokenAlarmsProps } from './phantom-token-alarms';
export { PhantomTokenDashboard, type PhantomTokenDashboardProps } from './phantom-token-dashboard';
export { PhantomTokenHttpApi, type PhantomTokenHttpApiProps } from './phantom-token-http-api';
export { PhantomTokenRestApi, type PhantomTokenRestApiProps } from './phantom-token-rest-api';
export {
  PhantomTokenRestIntegration,
  type PhantomTokenRestIntegrationOptions,
} from './phantom-token-rest-integration';
export { PhantomTokenStack, type PhantomTokenStackProps } from './phantom-token-stack';
export { PropError } from './prop-error';
export type { ProtectedResource } from './protected-resource-metadata';
export { RestApiProtection, type RestApiProtectionProps } from './rest-api-protection';
export type { RequiredScopes, Route } from './route-scopes';
export { SavedQueries, type SavedQueriesProps } from './saved-queries';
export { TokenCacheTable, type TokenCacheTableProps } from './token-cache-table';

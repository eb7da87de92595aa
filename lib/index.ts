export {
  AuthorizerFunction,
  type AuthorizerFunctionProps,
  CacheControl,
} from './authorizer-function';
export {
  type DeploymentConfig,
  DeploymentConfigError,
  loadDeploymentConfig,
} from './deployment-config';
export { addGatewayResponses, type GatewayResponsesProps } from './gateway-responses';
export {
  PhantomTokenAuthorizer,
  type PhantomTokenAuthorizerProps,
} from './phantom-token-authorizer';
export {
  PhantomTokenHttpIntegration,
  type PhantomTokenHttpIntegrationProps,
} from './phantom-token-http-integration';
export {
  PhantomTokenRestApi,
  type PhantomTokenRestApiProps,
  type Route,
} from './phantom-token-rest-api';
export { PhantomTokenStack, type PhantomTokenStackProps } from './phantom-token-stack';
export { type ProtectedRoute, type ScopeRules, scopeRules } from './route-scopes';
export { TokenCacheTable, type TokenCacheTableProps } from './token-cache-table';

export { CacheControl } from './authorizer-environment';
export { AuthorizerFunction, type AuthorizerFunctionProps } from './authorizer-function';
export { AssertionAlgorithm, ClientAuthentication } from './client-authentication';
export { DeploymentConfigError, loadDeploymentConfig } from './deployment-config';
export type { DeploymentConfig } from './deployment-config-schema';
export { addGatewayResponses, type GatewayResponsesProps } from './gateway-responses';
export { IntrospectionResponse } from './introspection-response';
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

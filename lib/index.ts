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
  PHANTOM_TOKEN_HEADER,
  PhantomTokenHttpApi,
  type PhantomTokenHttpApiProps,
} from './phantom-token-http-api';
export { PhantomTokenHttpAuthorizer } from './phantom-token-http-authorizer';
export { PhantomTokenRestApi, type PhantomTokenRestApiProps } from './phantom-token-rest-api';
export {
  PhantomTokenRestIntegration,
  type PhantomTokenRestIntegrationProps,
} from './phantom-token-rest-integration';
export { PhantomTokenStack, type PhantomTokenStackProps } from './phantom-token-stack';
export { PropError } from './prop-error';
export type { ProtectedResource } from './protected-resource-metadata';
export type { RequiredScopes, Route, ScopeRules } from './route-scopes';
export { TokenCacheTable, type TokenCacheTableProps } from './token-cache-table';

export type { ApiProtectionOptions, RouteAuthorizerOptions } from './api-protection';
export { CacheControl } from './authorizer-environment';
export { AuthorizerFunction, type AuthorizerFunctionProps } from './authorizer-function';
export { AssertionAlgorithm, ClientAuthentication } from './client-authentication';
export { DeploymentConfigError, loadDeploymentConfig } from './deployment-config';
export type { DeploymentConfig } from './deployment-config-schema';
export {
  HttpApiProtection,
  type HttpApiProtectionProps,
  PHANTOM_TOKEN_HEADER,
} from './http-api-protection';
export { IntrospectionResponse } from './introspection-response';
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
export { TokenCacheTable, type TokenCacheTableProps } from './token-cache-table';

import { Stack } from 'aws-cdk-lib';
import type { CfnMethod, Method } from 'aws-cdk-lib/aws-apigateway';
import { routeKey } from '../../../lambda/contract';
import type { DeclaredRoute } from '../declared-route';
import { mappingFaults } from './phantom-token-rest-integration';
import type { ProtectedMethod } from './stage-findings';

/** Returns a method of a REST API as a route of the app. */
export function declaredMethod(resource: CfnMethod): DeclaredRoute {
  const { httpMethod, authorizerId, authorizationType } = resource;
  const path = pathOf(resource);
  const integration = () => integrationOf(resource);
  return {
    name: path === undefined ? undefined : routeKey(httpMethod, path),
    resource,
    authorizerId,
    authorizationType,
    authorizationScopes: resource.authorizationScopes,
    isPreflight: () => httpMethod === 'OPTIONS' && integration().type === 'MOCK',
    faultsOfIntegration: (access) => (access === 'public' ? [] : mappingFaults(integration())),
  };
}

/** Returns a protected method; `undefined` if its path is not known, which is a finding of its own. */
export function protectedMethod(resource: CfnMethod): ProtectedMethod | undefined {
  const path = pathOf(resource);
  if (path === undefined) return undefined;
  const { httpMethod } = resource;
  const { cacheKeyParameters = [] } = integrationOf(resource);
  return { name: routeKey(httpMethod, path), httpMethod, path, cacheKeyParameters };
}

/** Returns the path of a method; `undefined` if the method was created without CDK's Method. */
function pathOf(resource: CfnMethod): string | undefined {
  return (resource.node.scope as Partial<Method>).resource?.path;
}

function integrationOf(resource: CfnMethod): Partial<CfnMethod.IntegrationProperty> {
  return Stack.of(resource).resolve(resource.integration) ?? {};
}

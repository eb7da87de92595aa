import { Stack } from 'aws-cdk-lib';
import {
  type CfnMethod,
  CfnResource,
  CfnRestApi,
  LambdaRestApi,
  Method,
  ProxyResource,
  StepFunctionsRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import { routeKey } from '../../../lambda/contract';
import { effectiveProperty } from '../../cdk/effective-property';
import { referentOf } from '../../cdk/referent';
import type { DeclaredRoute, RouteDeclaration } from '../declared-route';
import { integrationFaults } from './integration-faults';
import { mapPhantomToken } from './phantom-token-rest-integration';
import type { ProtectedMethod } from './stage-findings';

/**
 * Returns a method of a REST API as a route of the app.
 *
 * @param removesProofs true if DPoP proofs are kept from its upstream
 */
export function declaredMethod(resource: CfnMethod, removesProofs: boolean): DeclaredRoute {
  const { httpMethod } = resource;
  const path = pathOf(resource);
  const integration = () => integrationOf(resource);
  return {
    name: path === undefined ? undefined : routeKey(httpMethod, path),
    resource,
    authorizerId: effectiveProperty(resource, 'AuthorizerId', resource.authorizerId),
    authorizationType: Stack.of(resource).resolve(
      effectiveProperty(resource, 'AuthorizationType', resource.authorizationType),
    ),
    authorizationScopes: effectiveProperty(
      resource,
      'AuthorizationScopes',
      resource.authorizationScopes,
    ),
    declaredBy: declarationOf(resource),
    isPreflight: () => httpMethod === 'OPTIONS' && integration().type === 'MOCK',
    faultsOfIntegration: (access) => (access === 'public' ? [] : integrationFaults(integration())),
    mapPhantomToken: (access) => {
      if (access === 'protected') mapPhantomToken(resource, removesProofs);
    },
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

function declarationOf({ node }: CfnMethod): RouteDeclaration {
  const method = node.scope;
  if (!(method instanceof Method)) return 'L1';
  const { resource, api } = method;
  const declaresAny = api instanceof LambdaRestApi || api instanceof StepFunctionsRestApi;
  const isRootOrProxy = resource.path === '/' || resource instanceof ProxyResource;
  return declaresAny && method.httpMethod === 'ANY' && isRootOrProxy ? 'constructor' : 'app';
}

/** Returns the path of a method; `undefined` if the app does not declare its resources. */
function pathOf(resource: CfnMethod): string | undefined {
  const { scope } = resource.node;
  if (scope instanceof Method) return scope.resource.path;
  const segments = segmentsOf(resource, resource.resourceId);
  return segments && `/${segments.join('/')}`;
}

/** Returns the path segments of a resource by its ID. */
function segmentsOf(scope: IConstruct, resourceId: string): readonly string[] | undefined {
  const referent = referentOf(scope, resourceId);
  if (referent instanceof CfnRestApi) return [];
  if (!(referent instanceof CfnResource)) return undefined;
  const parents = segmentsOf(referent, referent.parentId);
  return parents && [...parents, referent.pathPart];
}

function integrationOf(resource: CfnMethod): Partial<CfnMethod.IntegrationProperty> {
  const own = Stack.of(resource).resolve(resource.integration) ?? {};
  return effectiveProperty(resource, 'Integration', own);
}

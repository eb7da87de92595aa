import { Stack } from 'aws-cdk-lib';
import { CfnIntegration, type CfnRoute, HttpRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { effectiveProperty } from '../../cdk/effective-property';
import { referentOf } from '../../cdk/referent';
import type { DeclaredRoute, RouteDeclaration } from '../declared-route';
import type { PhantomTokenMappings } from './phantom-token-mappings';

/** ID of the route that the constructor of CDK's HttpApi creates for `defaultIntegration`. */
const DEFAULT_ROUTE_ID = 'DefaultRoute';

/** Returns a route of an HTTP API as a route of the app. */
export function declaredHttpRoute(route: CfnRoute, mappings: PhantomTokenMappings): DeclaredRoute {
  return {
    name: route.routeKey,
    resource: route,
    authorizerId: effectiveProperty(route, 'AuthorizerId', route.authorizerId),
    authorizationType: Stack.of(route).resolve(
      effectiveProperty(route, 'AuthorizationType', route.authorizationType),
    ),
    authorizationScopes: effectiveProperty(route, 'AuthorizationScopes', route.authorizationScopes),
    declaredBy: declarationOf(route),
    // The API itself handles them, without a route.
    isPreflight: () => false,
    faultsOfIntegration: (kind) => mappings.faults(kind, integrationOf(route)),
    mapPhantomToken: (kind) => mappings.add(kind, integrationOf(route)),
  };
}

function declarationOf({ node }: CfnRoute): RouteDeclaration {
  const { scope } = node;
  if (!(scope instanceof HttpRoute)) return 'L1';
  const isDefault = scope.node.id === DEFAULT_ROUTE_ID && scope.node.scope === scope.httpApi;
  return isDefault ? 'constructor' : 'app';
}

function integrationOf(route: CfnRoute): CfnIntegration | undefined {
  const target = effectiveProperty(route, 'Target', route.target);
  const referent = target === undefined ? undefined : referentOf(route, target);
  return referent instanceof CfnIntegration ? referent : undefined;
}

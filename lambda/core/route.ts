import { routeKey } from '../contract';
import type { AuthorizerConfig } from './config';
import { everyMethodOfStage, matchedMethod } from './method-arn';

/** What API Gateway matched; its raw path and the client's headers are never matched on. */
export interface MatchedRoute {
  readonly methodArn: string;
  readonly httpMethod: string;
  /** The resource path as declared, such as `/orders/{id}`. */
  readonly resource: string;
}

type RouteScopes = Pick<AuthorizerConfig, 'requiredScopes' | 'routeScopes'>;

/** The scopes a route requires; `undefined` for a route that no rule covers. */
export function scopesRequired(
  config: RouteScopes,
  { httpMethod, resource }: MatchedRoute,
): readonly string[] | undefined {
  const { requiredScopes, routeScopes } = config;
  if (routeScopes === undefined) return requiredScopes;
  // A method of its own goes before ANY, as in API Gateway's routing.
  const scopes =
    routeScopes[routeKey(httpMethod, resource)] ?? routeScopes[routeKey('ANY', resource)];
  return scopes && [...requiredScopes, ...scopes];
}

/**
 * The ARNs that the policy for a route speaks of. API Gateway replays a cached policy for every request with the
 * same identity sources, so the two belong together: where all routes require the same, one policy holds
 * for the whole stage; where they differ, the route is an identity source and the policy is its own.
 *
 * @throws Fault `method_arn_invalid`.
 */
export function policyResources(config: RouteScopes, route: MatchedRoute): string[] {
  return config.routeScopes === undefined
    ? everyMethodOfStage(route.methodArn)
    : matchedMethod(route.methodArn, route.httpMethod, route.resource);
}

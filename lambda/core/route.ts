import type { AuthorizerConfig } from './config';
import { Fault } from './errors';

/**
 * The scopes that a route requires: one of the lists, and all scopes of it.
 *
 * @param routeNames names by which a rule may know the route, the most specific first.
 * @throws Fault `route_not_configured` if no rule covers the route. It is no denial: API Gateway would
 * replay one for other routes.
 */
export function scopesRequired(
  { requiredScopes, routeScopes }: Pick<AuthorizerConfig, 'requiredScopes' | 'routeScopes'>,
  routeNames: readonly string[],
): readonly (readonly string[])[] {
  if (routeScopes === undefined) return [requiredScopes];
  const name = routeNames.find((candidate) => Object.hasOwn(routeScopes, candidate));
  const alternatives = name === undefined ? undefined : routeScopes[name];
  if (alternatives === undefined) {
    throw new Fault('route_not_configured', `no rule covers the route ${routeNames[0]}`);
  }
  return alternatives.map((scopes) => [...requiredScopes, ...scopes]);
}

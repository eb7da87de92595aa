import { routeKey } from '../lambda/contract';
import { alternativesOf, EVERY_ROUTE } from '../lib/scopes/route-scopes';
import type { DeploymentConfig } from '../lib/stack/config/schema';

/** Protected route with the lists of scopes, one of which a token must have completely. */
export interface ProtectedRoute {
  readonly name: string;
  readonly scopes: readonly (readonly string[])[];
}

/** Returns the protected routes of a config. */
export function protectedRoutes({ api }: DeploymentConfig): ProtectedRoute[] {
  return (api.routes ?? EVERY_ROUTE)
    .filter((route) => route.public !== true)
    .map(({ method, path, scopes = [] }) => ({
      name: routeKey(method, path),
      scopes: alternativesOf(scopes).map((list) => [...new Set([...api.scopes, ...list])]),
    }));
}

import { routeKey } from '../lambda/contract';

/** A protected route and the scopes it requires beside those of the whole API. */
export interface ProtectedRoute {
  readonly method: string;
  readonly path: string;
  readonly scopes: readonly string[];
}

export interface ScopeRules {
  /** Required on every route. */
  readonly requiredScopes: readonly string[];
  /** Required beside them, by route; absent where all routes require the same. */
  readonly routeScopes?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Compiles what routes require. Where all require the same, one decision holds for the whole API and
 * API Gateway may replay it for every route; only where they differ does the route have to matter.
 */
export function scopeRules(
  apiScopes: readonly string[],
  routes: readonly ProtectedRoute[],
): ScopeRules {
  const alike = new Set(routes.map(({ scopes }) => [...new Set(scopes)].sort().join(' ')));
  if (alike.size > 1) {
    const byRoute = routes.map(({ method, path, scopes }) => [routeKey(method, path), scopes]);
    return { requiredScopes: apiScopes, routeScopes: Object.fromEntries(byRoute) };
  }
  return { requiredScopes: [...new Set([...apiScopes, ...(routes[0]?.scopes ?? [])])] };
}

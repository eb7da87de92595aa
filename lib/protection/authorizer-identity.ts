import type { ProtectedRoute } from '../scopes/scope-rules';

/**
 * Returns what tells an authorizer apart from others whose cached results must never stand for its own: what
 * its routes require, and where results are kept by route, which route requires what. Order does not matter.
 *
 * @param routes those that have the authorizer.
 */
export function authorizerIdentity(
  routes: readonly ProtectedRoute[],
  isKeyedByRoute: boolean,
): readonly string[] {
  const parts = routes.map(({ name, requirement: { alternatives } }) => {
    // With the scopes of the whole API, which the name of a requirement leaves out.
    const required = alternatives.map((scopes) => JSON.stringify([...scopes].sort())).sort();
    return JSON.stringify(isKeyedByRoute ? [name, required] : [required]);
  });
  return [...new Set(parts)].sort();
}

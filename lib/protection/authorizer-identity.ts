import type { ProtectedRoute } from '../scopes/scope-rules';

/**
 * Returns the identity of an authorizer; authorizers with different identities must not share cached results.
 * It consists of the requirements of its routes and, if results are kept by route, of the routes' names.
 * Order does not matter.
 *
 * @param routes routes that have the authorizer
 */
export function authorizerIdentity(
  routes: readonly ProtectedRoute[],
  isKeyedByRoute: boolean,
): readonly string[] {
  const parts = routes.map(({ name, requirement: { alternatives, tools, audience } }) => {
    // The alternatives include the scopes of the whole API; the name of a requirement does not.
    const required = alternatives.map((scopes) => JSON.stringify([...scopes].sort())).sort();
    const conditions = [required, ...(tools ? [tools] : []), ...(audience ? [audience] : [])];
    return JSON.stringify(isKeyedByRoute ? [name, ...conditions] : conditions);
  });
  return [...new Set(parts)].sort();
}

/** Returns whether tokens for some of these routes are not accepted at others. */
export function haveSeveralAudiences(routes: readonly ProtectedRoute[]): boolean {
  const audiences = routes.map(({ requirement: { audience } }) => JSON.stringify(audience));
  return new Set(audiences).size > 1;
}

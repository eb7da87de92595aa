/**
 * Scopes that a route requires in addition to the scopes of the whole API. Either a list of scopes, all
 * of which must be granted, or a list of alternatives: non-empty lists, one of which must be granted
 * completely.
 */
export type RequiredScopes = readonly string[] | readonly (readonly string[])[];

/** Route of the API: a method and a resource path of API Gateway. */
export interface Route {
  /** HTTP method: `GET`, `POST`, …, or `ANY`. */
  readonly method: string;
  /** Resource path, such as `/orders/{id}` or `/files/{proxy+}`. */
  readonly path: string;
  /**
   * Scopes that the route requires in addition to the scopes of the whole API.
   *
   * @default - no additional scopes
   */
  readonly scopes?: RequiredScopes;
  /**
   * Marks the route as public: it has no authorizer.
   *
   * @default false
   */
  readonly public?: boolean;
}

/** Routes that match every method and path; both are protected. */
export const EVERY_ROUTE: readonly Route[] = [
  { method: 'ANY', path: '/' },
  { method: 'ANY', path: '/{proxy+}' },
];

/** Returns all scopes that the API or one of its routes refers to. */
export function supportedScopes(
  apiScopes: readonly string[],
  routes: readonly Route[],
): readonly string[] {
  const routeScopes = routes.flatMap(({ scopes = [] }) => alternativesOf(scopes).flat());
  return [...new Set([...apiScopes, ...routeScopes])];
}

/** Returns the alternatives: the lists of scopes, one of which must be granted completely. */
export function alternativesOf(scopes: RequiredScopes): readonly (readonly string[])[] {
  const isList = (entry: unknown): entry is readonly string[] => Array.isArray(entry);
  return scopes.length > 0 && scopes.every(isList) ? scopes : [scopes as readonly string[]];
}

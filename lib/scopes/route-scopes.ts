/**
 * What a route requires beside the scopes of the whole API: a list of scopes, all of which must have been
 * granted, or a list of such lists, none of them empty, any of which suffices.
 */
export type RequiredScopes = readonly string[] | readonly (readonly string[])[];

/** A route of the API: a method and a resource path of API Gateway. */
export interface Route {
  /** `GET`, `POST`, …, or `ANY`. */
  readonly method: string;
  /** Such as `/orders/{id}` or `/files/{proxy+}`. */
  readonly path: string;
  /**
   * Scopes the route requires beside those of the whole API.
   *
   * @default - none
   */
  readonly scopes?: RequiredScopes;
  /**
   * Whether the route has no authorizer.
   *
   * @default false
   */
  readonly public?: boolean;
}

/** Every method and path, protected. */
export const EVERY_ROUTE: readonly Route[] = [
  { method: 'ANY', path: '/' },
  { method: 'ANY', path: '/{proxy+}' },
];

/** All scopes that mean something to some route. */
export function scopesOfAnyRoute(
  apiScopes: readonly string[],
  routes: readonly Route[],
): readonly string[] {
  const ofRoutes = routes.flatMap(({ scopes = [] }) => alternativesOf(scopes).flat());
  return [...new Set([...apiScopes, ...ofRoutes])];
}

/** The lists of scopes of which one suffices. */
export function alternativesOf(scopes: RequiredScopes): readonly (readonly string[])[] {
  const isList = (entry: unknown): entry is readonly string[] => Array.isArray(entry);
  return scopes.length > 0 && scopes.every(isList) ? scopes : [scopes as readonly string[]];
}

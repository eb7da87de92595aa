import { routeKey } from '../lambda/contract';

/**
 * What a route requires beside the scopes of the whole API: a list of scopes, all of which must have been
 * granted, or a list of such lists, any of which suffices.
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

/** The scopes that an API's routes require, as the authorizer reads them. */
export interface ScopeRules {
  /** Required on every route. */
  readonly requiredScopes: readonly string[];
  /** Required beside them, by route: any of the lists, all of its scopes. Absent where no route has any. */
  readonly routeScopes?: Readonly<Record<string, readonly (readonly string[])[]>>;
}

/** Compiles what the routes of an API require. */
export function scopeRules(apiScopes: readonly string[], routes: readonly Route[]): ScopeRules {
  const guarded = routes.filter((route) => !route.public);
  const [first] = guarded;
  const [common = [], ...alternative] = first ? distinctAlternatives(first) : [];
  const alike = new Set(guarded.map(requirementOf)).size <= 1;
  if (alike && alternative.length === 0) {
    return { requiredScopes: [...new Set([...apiScopes, ...common])] };
  }
  const byRoute = guarded.map((route) => [routeKey(route.method, route.path), alternatives(route)]);
  return { requiredScopes: [...new Set(apiScopes)], routeScopes: Object.fromEntries(byRoute) };
}

/** Scopes that no request to a protected route can do without; challenges name them. */
export function scopesOfEveryRoute(
  apiScopes: readonly string[],
  routes: readonly Route[],
): readonly string[] {
  const [first = [], ...rest] = routes
    .filter((route) => !route.public)
    .flatMap((route) => alternatives(route));
  const common = first.filter((scope) => rest.every((scopes) => scopes.includes(scope)));
  return [...new Set([...apiScopes, ...common])];
}

/** All scopes that mean something to some route. */
export function scopesOfAnyRoute(
  apiScopes: readonly string[],
  routes: readonly Route[],
): readonly string[] {
  return [...new Set([...apiScopes, ...routes.flatMap((route) => alternatives(route).flat())])];
}

/** The requirement of a route that requires nothing of its own. */
export const NO_REQUIREMENT = '[[]]';

/**
 * Names what a route requires: routes with the same name are allowed and denied together, whatever the
 * token. Order and repetition do not matter; an alternative that asks for nothing makes the rest moot.
 */
export function requirementOf(route: Route): string {
  // As JSON: whatever else could separate scopes, such as a bar, may be a scope itself.
  return JSON.stringify(distinctAlternatives(route));
}

function distinctAlternatives(route: Route): readonly (readonly string[])[] {
  const sets = alternatives(route).map((scopes) => [...new Set(scopes)].sort());
  if (sets.some((scopes) => scopes.length === 0)) return [[]];
  const byName = new Map(sets.map((scopes) => [JSON.stringify(scopes), scopes]));
  return [...byName.keys()].sort().map((name) => byName.get(name) ?? []);
}

function alternatives({ scopes = [] }: Route): readonly (readonly string[])[] {
  const isList = (entry: unknown): entry is readonly string[] => Array.isArray(entry);
  return scopes.length > 0 && scopes.every(isList) ? scopes : [scopes as readonly string[]];
}

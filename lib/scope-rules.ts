import { type EncodedScopeRules, EVERY_ROUTE_NAME } from '../lambda/contract';
import type { Requirement } from './requirement';

/** A protected route, named as API Gateway does, such as `GET /orders/{id}`. */
export interface ProtectedRoute {
  readonly name: string;
  readonly requirement: Requirement;
}

/**
 * What the routes of one API require, as the authorizer reads it. As short as can be, for Lambda leaves
 * it 4 KB: one rule where all routes require the same, else one for each requirement, with its routes.
 */
export function scopeRules(routes: readonly ProtectedRoute[]): EncodedScopeRules[string] {
  const groups = new Map<string, { requirement: Requirement; names: string[] }>();
  for (const { name, requirement } of routes) {
    const group = groups.get(requirement.name) ?? { requirement, names: [] };
    groups.set(requirement.name, group);
    group.names.push(name);
  }
  return [...groups.values()].map(({ requirement: { alternatives }, names }) => [
    alternatives,
    groups.size === 1 ? [EVERY_ROUTE_NAME] : joinMethods(names),
  ]);
}

/** `GET /orders` and `POST /orders` are `GET,POST /orders`. */
function joinMethods(names: readonly string[]): string[] {
  const methods = new Map<string, string[]>();
  for (const name of names) {
    const space = name.indexOf(' ');
    const path = name.slice(Math.max(space, 0));
    methods.set(path, [...(methods.get(path) ?? []), name.slice(0, Math.max(space, 0))]);
  }
  return [...methods].map(([path, ofPath]) => `${ofPath.join(',')}${path}`);
}

import { deflateRawSync } from 'node:zlib';
import { EVERY_ROUTE_NAME, type ScopeRule } from '../../lambda/contract';
import type { ScopeRequirement } from './scope-requirement';

/** A protected route, named as API Gateway does, such as `GET /orders/{id}`. */
export interface ProtectedRoute {
  readonly name: string;
  readonly requirement: ScopeRequirement;
}

/** Rules up to this length can be read by people in the function's environment. */
const MAX_PLAIN_LENGTH = 1024;

/** As it stands in `SCOPE_RULES`, in JSON. Lambda leaves 4 KB, and names of routes are much alike. */
export function encodeScopeRules(rules: readonly ScopeRule[]): string {
  const plain = JSON.stringify(rules);
  if (plain.length <= MAX_PLAIN_LENGTH) return plain;
  return JSON.stringify(deflateRawSync(plain, { level: 9 }).toString('base64'));
}

/**
 * What the routes of one API require: one rule where all require the same, else one for each
 * requirement, with its routes.
 */
export function scopeRules(routes: readonly ProtectedRoute[]): readonly ScopeRule[] {
  const groups = new Map<string, { requirement: ScopeRequirement; names: string[] }>();
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

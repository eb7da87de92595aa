import { deflateRawSync } from 'node:zlib';
import { Token } from 'aws-cdk-lib';
import { EVERY_ROUTE_NAME, type ScopeRule } from '../../lambda/contract';
import type { ScopeRequirement } from './scope-requirement';

/** Protected route, with its route key, such as `GET /orders/{id}`. */
export interface ProtectedRoute {
  readonly name: string;
  readonly requirement: ScopeRequirement;
}

/** Maximum length of rules that stay uncompressed, and so readable in the function's environment. */
const MAX_PLAIN_LENGTH = 1024;

/**
 * Returns the JSON of the rules for `SCOPE_RULES`. Long rules are compressed, since Lambda limits
 * environment variables to 4 KB.
 */
export function encodeScopeRules(rules: readonly ScopeRule[]): string {
  const plain = JSON.stringify(rules);
  if (plain.length <= MAX_PLAIN_LENGTH || Token.isUnresolved(plain)) return plain;
  return JSON.stringify(deflateRawSync(plain, { level: 9 }).toString('base64'));
}

/**
 * Returns the scope rules of an API: a single rule if all routes have the same requirement, otherwise one
 * rule for each requirement.
 */
export function scopeRules(routes: readonly ProtectedRoute[]): readonly ScopeRule[] {
  const groups = new Map<string, { requirement: ScopeRequirement; names: string[] }>();
  for (const { name, requirement } of routes) {
    const group = groups.get(requirement.name) ?? { requirement, names: [] };
    groups.set(requirement.name, group);
    group.names.push(name);
  }
  return [...groups.values()].map(({ requirement, names }): ScopeRule => {
    const { alternatives, tools, audience } = requirement;
    const routes = groups.size === 1 ? [EVERY_ROUTE_NAME] : joinMethods(names);
    const conditions = { ...(tools && { tools }), ...(audience && { audience }) };
    return tools || audience ? [alternatives, routes, conditions] : [alternatives, routes];
  });
}

/** Returns route keys with the methods of a path joined: `GET /a` and `POST /a` become `GET,POST /a`. */
function joinMethods(names: readonly string[]): string[] {
  const methods = new Map<string, readonly string[]>();
  for (const name of names) {
    const space = name.indexOf(' ');
    const [method, path] = [name.slice(0, Math.max(space, 0)), name.slice(Math.max(space, 0))];
    methods.set(path, [...(methods.get(path) ?? []), method]);
  }
  return [...methods].map(([path, pathMethods]) => `${pathMethods.join(',')}${path}`);
}

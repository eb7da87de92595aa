import type { ScopeRequirement } from './scope-requirement';

/** Returns the scopes that every alternative of every requirement includes, for the challenge of a 401. */
export function commonScopes(
  requirements: readonly ScopeRequirement[],
  apiScopes: readonly string[],
): readonly string[] {
  const [first = [], ...rest] = requirements.flatMap(({ alternatives }) => alternatives);
  const common = first.filter((scope) => rest.every((scopes) => scopes.includes(scope)));
  return [...new Set([...apiScopes, ...common])];
}

/**
 * Returns the scopes that the challenge of every 403 names: if all routes have tools, one list of scopes for each
 * route and tool, else the scopes that every route requires.
 */
export function stepUpScopes(
  requirements: readonly ScopeRequirement[],
  apiScopes: readonly string[],
): readonly string[] {
  const lists = requirements.flatMap(({ alternatives, tools = {} }) =>
    [alternatives, ...Object.values(tools)].flatMap(([first = []]) => first),
  );
  const haveAllTools = requirements.every(({ tools }) => tools !== undefined);
  return haveAllTools && lists.length > 0
    ? [...new Set(lists)]
    : commonScopes(requirements, apiScopes);
}

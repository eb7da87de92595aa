import { Token } from 'aws-cdk-lib';
import { assertProp } from '../validation/prop-error';
import { SCOPE, SCOPE_RULE } from '../validation/prop-patterns';
import { alternativesOf, type RequiredScopes } from './route-scopes';

/** What a token must have been granted for some routes. */
export interface ScopeRequirement {
  /**
   * Tells requirements of one API apart: routes with the same name are allowed and denied together,
   * whatever the token.
   */
  readonly name: string;
  /** One of these lists of scopes, and all scopes of it; those of the whole API are among them. */
  readonly alternatives: readonly (readonly string[])[];
}

/** The name of the requirement that is the API's own, with nothing added. */
export const API_SCOPES_ONLY = '[[]]';

const LISTS_RULE = 'must be a list of scopes, or a list of such lists of which none is empty';

/**
 * What a route requires. Order and repetition do not matter, nor what an alternative asks for that
 * another one, or the API, asks for anyway.
 *
 * @throws PropError if the scopes are none.
 */
export function requirementOf(
  scopes: RequiredScopes = [],
  apiScopes: readonly string[] = [],
): ScopeRequirement {
  assertProp('scopes', apiScopes, 'must be a list of scopes', Array.isArray(apiScopes));
  assertProp('scopes', scopes, LISTS_RULE, isListOrLists(scopes));
  const required = alternativesOf(scopes);
  assertScopes([...apiScopes, ...required.flat()]);
  const own = required.map((list) => [...new Set(list)].filter((it) => !apiScopes.includes(it)));
  const least = own.filter(
    (list, index) => !own.some((other, at) => isRedundant(list, other, at < index)),
  );
  return {
    // As JSON: whatever else could separate scopes, such as a bar, may be a scope itself.
    name: `[${least.map((list) => JSON.stringify([...list].sort())).sort()}]`,
    alternatives: least.map((list) => [...new Set([...apiScopes, ...list])]),
  };
}

/** Whether whatever meets a requirement meets another one too. */
export function isAtLeastAsStrict(requirement: ScopeRequirement, other: ScopeRequirement): boolean {
  return requirement.alternatives.every((granted) =>
    other.alternatives.some((list) => list.every((scope) => granted.includes(scope))),
  );
}

/** An empty list among others would let everybody pass whom the others are to keep out. */
function isListOrLists(scopes: unknown): boolean {
  if (!Array.isArray(scopes)) return false;
  if (!scopes.some(Array.isArray)) return true;
  return scopes.every((list) => Array.isArray(list) && list.length > 0);
}

/** Whether one alternative can be left out beside another, which asks for less or came first. */
function isRedundant(
  list: readonly string[],
  other: readonly string[],
  cameFirst: boolean,
): boolean {
  const least = other.length < list.length || (other.length === list.length && cameFirst);
  return least && other.every((scope) => list.includes(scope));
}

/** They go into quoted values of challenges, and must be known to tell requirements apart. */
function assertScopes(scopes: readonly unknown[]): void {
  for (const scope of scopes) {
    const known = typeof scope === 'string' && !Token.isUnresolved(scope);
    assertProp('scopes', scope, SCOPE_RULE, known && SCOPE.test(scope));
  }
}

/** Scopes that no request can do without; challenges name them. */
export function scopesOfEvery(
  requirements: readonly ScopeRequirement[],
  apiScopes: readonly string[],
): readonly string[] {
  const [first = [], ...rest] = requirements.flatMap(({ alternatives }) => alternatives);
  const common = first.filter((scope) => rest.every((scopes) => scopes.includes(scope)));
  return [...new Set([...apiScopes, ...common])];
}

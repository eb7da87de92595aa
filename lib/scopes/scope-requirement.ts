import { Token } from 'aws-cdk-lib';
import { assertProp } from '../validation/prop-error';
import { SCOPE, SCOPE_RULE } from '../validation/prop-patterns';
import { alternativesOf, type RequiredScopes } from './route-scopes';

/** Scopes that routes require of an access token. */
export interface ScopeRequirement {
  /**
   * Canonical name, unique among the requirements of an API. Routes with the same name accept the same
   * tokens.
   */
  readonly name: string;
  /**
   * Lists of scopes, one of which must be granted completely. Each includes the scopes of the whole API.
   */
  readonly alternatives: readonly (readonly string[])[];
  /**
   * Lists of scopes that calls of MCP tools require in addition.
   *
   * @default - requests are not decided by tool
   */
  readonly tools?: ToolAlternatives;
  /**
   * Audience of which tokens must contain one.
   *
   * @default - that of the API
   */
  readonly audience?: readonly string[];
}

/** Lists of scopes, one of which must be granted completely, by the name of a tool. */
export type ToolAlternatives = Readonly<Record<string, readonly (readonly string[])[]>>;

/** Name of the requirement without scopes in addition to those of the API. */
export const API_SCOPES_ONLY = '[[]]';

const LISTS_RULE = 'must be a list of scopes, or a list of non-empty lists of scopes';

/**
 * Returns the normalized requirement of a route: duplicates, order, API-wide scopes and redundant
 * alternatives are removed.
 *
 * @throws PropError if a value is not a valid scope, or the lists are malformed.
 */
export function requirementOf(
  scopes: RequiredScopes = [],
  apiScopes: readonly string[] = [],
): ScopeRequirement {
  assertProp('scopes', apiScopes, 'must be a list of scopes', Array.isArray(apiScopes));
  assertProp('scopes', scopes, LISTS_RULE, isListOrLists(scopes));
  const required = alternativesOf(scopes);
  assertScopes([...apiScopes, ...required.flat()]);
  const additional = required.map((list) =>
    [...new Set(list)].filter((it) => !apiScopes.includes(it)),
  );
  const minimal = additional.filter(
    (list, index) => !additional.some((other, at) => isRedundant(list, other, at < index)),
  );
  return {
    // JSON, since every possible separator, such as a vertical bar, is a valid scope itself.
    name: `[${minimal.map((list) => JSON.stringify([...list].sort())).sort()}]`,
    alternatives: minimal.map((list) => [...new Set([...apiScopes, ...list])]),
  };
}

/** Returns a requirement with the scopes of tools, as {@link ScopeRequirement.tools}. */
export function withTools(
  requirement: ScopeRequirement,
  tools: ToolAlternatives | undefined,
): ScopeRequirement {
  if (tools === undefined) return requirement;
  return { ...requirement, name: `${requirement.name}${JSON.stringify(tools)}`, tools };
}

/** Returns a requirement with an audience, as {@link ScopeRequirement.audience}. */
export function withAudience(
  requirement: ScopeRequirement,
  audience: readonly string[] | undefined,
): ScopeRequirement {
  if (audience === undefined) return requirement;
  return { ...requirement, name: `${requirement.name}${JSON.stringify(audience)}`, audience };
}

/**
 * Returns whether every request that meets the first requirement also meets the second one. Without an audience, a
 * requirement is not comparable with one that has an audience.
 */
export function isAtLeastAsStrict(requirement: ScopeRequirement, other: ScopeRequirement): boolean {
  const areToolsEqual = JSON.stringify(requirement.tools) === JSON.stringify(other.tools);
  if (other.tools !== undefined && !areToolsEqual) return false;
  if (!isWithin(requirement.audience, other.audience)) return false;
  return requirement.alternatives.every((granted) =>
    other.alternatives.some((list) => list.every((scope) => granted.includes(scope))),
  );
}

/** Returns whether every token with a name of the first audience also has one of the second. */
function isWithin(
  audience: readonly string[] | undefined,
  other: readonly string[] | undefined,
): boolean {
  if (audience === undefined || other === undefined) return audience === other;
  return audience.length > 0 && audience.every((it) => other.includes(it));
}

/**
 * Returns whether the value is a list or lists. An empty alternative would make the others ineffective.
 */
function isListOrLists(scopes: unknown): boolean {
  if (!Array.isArray(scopes)) return false;
  if (!scopes.some(Array.isArray)) return true;
  return scopes.every((list) => Array.isArray(list) && list.length > 0);
}

/**
 * Returns whether an alternative is redundant: another one needs a subset of its scopes, or equals it.
 */
function isRedundant(
  list: readonly string[],
  other: readonly string[],
  cameFirst: boolean,
): boolean {
  const hasPriority = other.length < list.length || (other.length === list.length && cameFirst);
  return hasPriority && other.every((scope) => list.includes(scope));
}

/**
 * Validates scopes. They become part of quoted strings in challenges, and must be known at synthesis to
 * compare requirements.
 *
 * @throws PropError if a value is not a valid scope or is a CDK token.
 */
function assertScopes(scopes: readonly unknown[]): void {
  for (const scope of scopes) {
    const known = typeof scope === 'string' && !Token.isUnresolved(scope);
    assertProp('scopes', scope, SCOPE_RULE, known && SCOPE.test(scope));
  }
}

import { inflateRawSync } from 'node:zlib';
import { EVERY_ROUTE_NAME, type ScopeRule } from '../contract';
import { isStringList } from './config-values';
import { Fault } from './errors';
import type { GatewayRequest } from './gateway-request';
import { parseJson, parseJsonObject } from './json';

/** What a route requires: one of the lists of scopes, and all scopes of it. */
type Alternatives = readonly (readonly string[])[];

/** What the routes of each API require, by the API's id and the route's name. */
export type ScopeRules = ReadonlyMap<string, ReadonlyMap<string, Alternatives>>;

/** Reads `SCOPE_RULES`; `undefined` for a faulty one. */
export function scopeRules(text: string): ScopeRules | undefined {
  const apis = parseJsonObject(text);
  if (!apis) return undefined;
  const rules = new Map<string, ReadonlyMap<string, Alternatives>>();
  for (const [apiId, encoded] of Object.entries(apis)) {
    const byRoute = rulesByRoute(typeof encoded === 'string' ? inflate(encoded) : encoded);
    if (!byRoute) return undefined;
    rules.set(apiId, byRoute);
  }
  return rules;
}

function rulesByRoute(rules: unknown): ReadonlyMap<string, Alternatives> | undefined {
  if (!Array.isArray(rules) || !rules.every(isRule)) return undefined;
  const byRoute = new Map<string, Alternatives>();
  for (const [alternatives, routes] of rules) {
    for (const name of routes.flatMap(spellOutMethods)) {
      // Which of two requirements holds would be a guess.
      if (byRoute.has(name)) return undefined;
      byRoute.set(name, alternatives);
    }
  }
  return byRoute;
}

function inflate(packed: string): unknown {
  try {
    return parseJson(inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * The scopes that a request's route requires.
 *
 * @throws Fault `route_not_configured` if no rule covers the route. It is no denial: API Gateway would
 * replay one for other routes.
 */
export function scopesRequired(
  rules: ScopeRules,
  { apiId, routeNames }: Pick<GatewayRequest, 'apiId' | 'routeNames'>,
): Alternatives {
  const ofApi = rules.get(apiId);
  const name = [...routeNames, EVERY_ROUTE_NAME].find((candidate) => ofApi?.has(candidate));
  const alternatives = name === undefined ? undefined : ofApi?.get(name);
  if (alternatives === undefined) {
    throw new Fault(
      'route_not_configured',
      `no rule covers the route ${routeNames[0]} of the API ${apiId}`,
    );
  }
  return alternatives;
}

/** `GET,POST /orders` is `GET /orders` and `POST /orders`. */
function spellOutMethods(route: string): string[] {
  const space = route.indexOf(' ');
  if (space < 0) return [route];
  const path = route.slice(space);
  return route
    .slice(0, space)
    .split(',')
    .map((method) => `${method}${path}`);
}

function isRule(rule: unknown): rule is ScopeRule {
  if (!Array.isArray(rule) || rule.length !== 2) return false;
  const [alternatives, routes] = rule;
  // A rule without any alternative would deny everybody.
  const someLists = Array.isArray(alternatives) && alternatives.length > 0;
  return someLists && alternatives.every(isStringList) && isStringList(routes);
}

import { type EncodedScopeRules, EVERY_ROUTE_NAME } from '../contract';
import { isStringList } from './config-values';
import { Fault } from './errors';
import type { GatewayRequest } from './gateway-request';
import { parseJsonObject } from './json';

/** What a route requires: one of the lists of scopes, and all scopes of it. */
type Alternatives = readonly (readonly string[])[];

/** What the routes of each API require, by the API's id and the route's name. */
export type ScopeRules = ReadonlyMap<string, ReadonlyMap<string, Alternatives>>;

/** Reads `SCOPE_RULES`; `undefined` for a faulty one. */
export function scopeRules(text: string): ScopeRules | undefined {
  const apis = parseJsonObject(text);
  if (!apis || !hasPairs(apis)) return undefined;
  const rules = new Map<string, Map<string, Alternatives>>();
  for (const [apiId, pairs] of Object.entries(apis)) {
    const byRoute = new Map<string, Alternatives>();
    for (const [alternatives, routes] of pairs) {
      for (const name of routes.flatMap(spellOutMethods)) {
        // Which of two requirements holds would be a guess.
        if (byRoute.has(name)) return undefined;
        byRoute.set(name, alternatives);
      }
    }
    rules.set(apiId, byRoute);
  }
  return rules;
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

function hasPairs(
  apis: Record<string, unknown>,
): apis is Record<string, EncodedScopeRules[string]> {
  return Object.values(apis).every((pairs) => Array.isArray(pairs) && pairs.every(isPair));
}

function isPair(pair: unknown): boolean {
  if (!Array.isArray(pair) || pair.length !== 2) return false;
  const [alternatives, routes] = pair;
  // A rule without any alternative would deny everybody.
  const someLists = Array.isArray(alternatives) && alternatives.length > 0;
  return someLists && alternatives.every(isStringList) && isStringList(routes);
}

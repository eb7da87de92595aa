import { EVERY_ROUTE_NAME, type ScopeRule } from '../contract';
import { isStringList, secureUrl } from './config-values';
import { Fault } from './errors';
import type { GatewayRequest } from './gateway-request';
import { isJsonObject, parseJson, parseJsonObject } from './json';

/** Scopes that a route requires: all scopes of one of the lists. */
type Alternatives = readonly (readonly string[])[];

/** Rules of one API. */
export interface ApiRules {
  /** Audience of the API; `undefined` where that of the function applies. */
  readonly audience: readonly string[] | undefined;
  /** Base URLs under which clients call the API; empty if they are not known. */
  readonly publicUrls: readonly URL[];
  /** Required scopes by the route's name. */
  readonly routes: ReadonlyMap<string, Alternatives>;
}

/** Rules of each API, by the API's id. */
export type ScopeRules = ReadonlyMap<string, ApiRules>;

/** Reads `SCOPE_RULES`; `undefined` for a faulty one. */
export function scopeRules(text: string): ScopeRules | undefined {
  const apis = parseJsonObject(text);
  if (!apis) return undefined;
  const rules = new Map<string, ApiRules>();
  for (const [apiId, encoded] of Object.entries(apis)) {
    const ofApi = apiRules(encoded);
    if (!ofApi) return undefined;
    rules.set(apiId, ofApi);
  }
  return rules;
}

function apiRules(encoded: unknown): ApiRules | undefined {
  if (!isJsonObject(encoded)) return withRoutes({ audience: undefined, publicUrls: [] }, encoded);
  const { audience, publicUrls = [], rules } = encoded as Record<string, unknown>;
  // An empty list would turn off the check that it stands for.
  const isAudience = isStringList(audience) && audience.length > 0 && !audience.includes('');
  if ((audience !== undefined && !isAudience) || !isStringList(publicUrls)) return undefined;
  const urls = publicUrls.flatMap((text) => secureUrl(text) ?? []);
  if (urls.length < publicUrls.length || (audience === undefined && urls.length === 0)) {
    return undefined;
  }
  return withRoutes({ audience: isAudience ? audience : undefined, publicUrls: urls }, rules);
}

function withRoutes(settings: Omit<ApiRules, 'routes'>, encoded: unknown): ApiRules | undefined {
  const routes = rulesByRoute(typeof encoded === 'string' ? inflate(encoded) : encoded);
  return routes && { ...settings, routes };
}

function rulesByRoute(rules: unknown): ReadonlyMap<string, Alternatives> | undefined {
  if (!Array.isArray(rules) || !rules.every(isRule)) return undefined;
  const byRoute = new Map<string, Alternatives>();
  for (const [alternatives, routes] of rules) {
    for (const name of routes.flatMap(expandMethods)) {
      // Which of two requirements holds would be a guess.
      if (byRoute.has(name)) return undefined;
      byRoute.set(name, alternatives);
    }
  }
  return byRoute;
}

function inflate(packed: string): unknown {
  // Loaded here: only functions whose rules are compressed pay for it at a cold start.
  const { inflateRawSync } = require('node:zlib') as typeof import('node:zlib');
  try {
    return parseJson(inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Returns the scopes that a request's route requires.
 *
 * @throws Fault `route_not_configured` if no rule covers the route. It is not a denial: API Gateway would
 * replay one for other routes.
 */
export function scopesRequired(
  rules: ScopeRules,
  { apiId, routeNames }: Pick<GatewayRequest, 'apiId' | 'routeNames'>,
): Alternatives {
  const routes = rules.get(apiId)?.routes;
  const name = [...routeNames, EVERY_ROUTE_NAME].find((candidate) => routes?.has(candidate));
  const alternatives = name === undefined ? undefined : routes?.get(name);
  if (alternatives === undefined) {
    throw new Fault(
      'route_not_configured',
      `no rule covers the route ${routeNames[0]} of the API ${apiId}`,
    );
  }
  return alternatives;
}

/** Expands `GET,POST /orders` to `GET /orders` and `POST /orders`. */
function expandMethods(route: string): string[] {
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
  // A rule without any alternative would deny every request.
  const someLists = Array.isArray(alternatives) && alternatives.length > 0;
  return someLists && alternatives.every(isStringList) && isStringList(routes);
}

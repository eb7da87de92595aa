import { EVERY_ROUTE_NAME, type ScopeRule } from '../contract';
import { secureUrl } from './config-values';
import { Fault } from './errors';
import type { GatewayRequest } from './gateway-request';
import { isJsonObject, isStringList, parseJson, parseJsonObject } from './json';
import {
  type Alternatives,
  isAlternatives,
  isAudience,
  type ParsedConditions,
  parseConditions,
} from './route-conditions';

/** Rules of one API. */
export interface ApiRules {
  /** Audience of the API; `undefined` where that of the function applies. */
  readonly audience: readonly string[] | undefined;
  /** Base URLs under which clients call the API; empty if they are not known. */
  readonly publicUrls: readonly URL[];
  /** True if API Gateway caches no result of the API. */
  readonly uncached?: true;
  /** Required scopes by the route's name. */
  readonly routes: ReadonlyMap<string, Alternatives>;
  /** Further conditions by the route's name. */
  readonly conditions: ReadonlyMap<string, ParsedConditions>;
}

/** Rules of each API, by the API's id. */
export type ScopeRules = ReadonlyMap<string, ApiRules>;

/** Rule that covers the route of a request. */
export interface RouteRule {
  readonly api: ApiRules;
  /** Required scopes. */
  readonly alternatives: Alternatives;
  readonly conditions: ParsedConditions;
}

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
  const { audience, publicUrls = [], uncached, rules } = encoded as Record<string, unknown>;
  if (audience !== undefined && !isAudience(audience)) return undefined;
  if (!isStringList(publicUrls)) return undefined;
  const urls = publicUrls.flatMap((text) => secureUrl(text) ?? []);
  if (uncached !== undefined && uncached !== true) return undefined;
  const hasSetting = audience !== undefined || urls.length > 0 || uncached;
  if (urls.length < publicUrls.length || !hasSetting) {
    return undefined;
  }
  return withRoutes({ audience, publicUrls: urls, ...(uncached && { uncached }) }, rules);
}

function withRoutes(
  settings: Omit<ApiRules, 'routes' | 'conditions'>,
  encoded: unknown,
): ApiRules | undefined {
  const rules = rulesByRoute(typeof encoded === 'string' ? inflate(encoded) : encoded);
  return rules && { ...settings, ...rules };
}

function rulesByRoute(rules: unknown): Pick<ApiRules, 'routes' | 'conditions'> | undefined {
  if (!Array.isArray(rules) || !rules.every(isRule)) return undefined;
  const byRoute = new Map<string, Alternatives>();
  const conditions = new Map<string, ParsedConditions>();
  for (const [alternatives, routes, encoded] of rules) {
    const ofRoutes = encoded && parseConditions(encoded);
    if (encoded !== undefined && ofRoutes === undefined) return undefined;
    for (const name of routes.flatMap(expandMethods)) {
      // Which of two requirements holds would be a guess.
      if (byRoute.has(name)) return undefined;
      byRoute.set(name, alternatives);
      if (ofRoutes) conditions.set(name, ofRoutes);
    }
  }
  return { routes: byRoute, conditions };
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
 * Returns the rule of a request's route: that of the first of its names which has one.
 *
 * @throws Fault `route_not_configured` if no rule covers the route. It is not a denial: API Gateway would
 * replay one for other routes.
 */
export function ruleOf(
  rules: ScopeRules,
  { apiId, routeNames }: Pick<GatewayRequest, 'apiId' | 'routeNames'>,
): RouteRule {
  const api = rules.get(apiId);
  for (const name of [...routeNames, EVERY_ROUTE_NAME]) {
    const alternatives = api?.routes.get(name);
    if (api && alternatives) {
      return { api, alternatives, conditions: api.conditions.get(name) ?? {} };
    }
  }
  throw new Fault(
    'route_not_configured',
    `no rule covers the route ${routeNames[0] ?? '(none)'} of the API ${apiId}`,
  );
}

/** Expands `GET,POST /orders` to `GET /orders` and `POST /orders`. */
function expandMethods(route: string): string[] {
  // A name without methods is all path.
  const space = Math.max(route.indexOf(' '), 0);
  const path = route.slice(space);
  return route
    .slice(0, space)
    .split(',')
    .map((method) => `${method}${path}`);
}

function isRule(rule: unknown): rule is ScopeRule {
  if (!Array.isArray(rule) || rule.length > 3) return false;
  const [alternatives, routes, conditions = {}] = rule;
  return isAlternatives(alternatives) && isStringList(routes) && isJsonObject(conditions);
}

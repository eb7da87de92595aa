import type { RouteSummary } from '../gateway/definition/route-summary';

/** Request to a route, as an example. */
export interface ExampleRequest {
  readonly method: string;
  readonly url: string;
  /** True if the route has an authorizer. */
  readonly isProtected: boolean;
}

/** Maximum number of examples of an API. */
const MAX_EXAMPLES = 12;

/** Value of a path variable in an example. */
const VARIABLE = '42';

/** Path for a greedy variable at the root. */
const GREEDY_PATH = 'orders/42';

/** Returns an example request for each route, except preflights. Routes with the same example have one. */
export function exampleRequests(
  api: URL,
  routes: readonly RouteSummary[],
): readonly ExampleRequest[] {
  const requests = routes
    .map(({ route, authorizer }) => exampleOf(api, route, authorizer !== undefined))
    .filter(({ method }) => method !== 'OPTIONS');
  const byName = new Map(requests.map((request) => [`${request.method} ${request.url}`, request]));
  return [...byName.values()].slice(0, MAX_EXAMPLES);
}

/** @param route method and path with variables, or `$default` */
function exampleOf(api: URL, route: string, isProtected: boolean): ExampleRequest {
  const [, sent = 'ANY', template = '/{proxy+}'] = /^([A-Z]+) (\/.*)$/.exec(route) ?? [];
  const path = template.replace(/^\/\{\w+\+\}$/, `/${GREEDY_PATH}`).replace(/\{[^}]+\}/g, VARIABLE);
  return { method: sent === 'ANY' ? 'GET' : sent, url: `${api.origin}${path}`, isProtected };
}

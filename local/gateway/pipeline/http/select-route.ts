import type { Routes } from '../../definition/http/route-key';
import { isRoutable } from '../../request/path';
import { matchPath, type RouteMatch } from '../router';

/**
 * Selects the route of a request. "API Gateway selects the route with the most-specific match, using the
 * following priorities: 1. Full match for a route and method. 2. Match for a route and method with a
 * greedy path variable. 3. The $default route." AWS documents no order among several full matches, or
 * several greedy ones: here a static part precedes a variable, segment by segment, and then the request's
 * method precedes `ANY`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 */
export function selectRoute<Target>(
  { root, fallback }: Routes<Target>,
  method: string,
  path: string,
): RouteMatch<Target> | undefined {
  return (
    matchPath(root, method, path, { greedy: false }) ??
    matchPath(root, method, path, { greedy: true }) ??
    (fallback && isRoutable(path) ? { target: fallback, pathParameters: {} } : undefined)
  );
}

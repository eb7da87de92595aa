import type { Routes } from '../../definition/http/route-key';
import { isRoutable, percentDecode } from '../../request/path';
import { matchPath, type RouteMatch } from '../router';
import type { DecodedPath } from './decode-path';

/**
 * Selects the route of a request. "API Gateway selects the route with the most-specific match, using the
 * following priorities: 1. Full match for a route and method. 2. Match for a route and method with a
 * greedy path variable. 3. The $default route." AWS documents no order among several full matches, or
 * several greedy ones: here a static part precedes a variable, segment by segment, and then the request's
 * method precedes `ANY`. Values of path variables are decoded once more than the path that is matched.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 */
export function selectRoute<Target>(
  { root, fallback }: Routes<Target>,
  method: string,
  { path, routedPath }: DecodedPath,
): RouteMatch<Target> | undefined {
  if (!isRoutable(path) || !isRoutable(routedPath)) return undefined;
  const match =
    matchPath(root, method, routedPath, { greedy: false }) ?? matchPath(root, method, routedPath);
  if (!match) return fallback && { target: fallback, pathParameters: {} };
  const values = Object.entries(match.pathParameters).map(([name, value]) => [
    name,
    percentDecode(value) ?? value,
  ]);
  return { ...match, pathParameters: Object.fromEntries(values) };
}

import { UnsupportedTemplateError } from '../../../template/unsupported';
import { isRoutable, type Match, type RouteNode, route } from '../../pipeline/router';

/** The routes of an API by path and method, and the one that catches all else. */
export interface Routes<Target> {
  readonly root: RouteNode<Target>;
  readonly fallback?: Target;
}

interface GrowingNode<Target> {
  readonly pathPart: string;
  readonly children: GrowingNode<Target>[];
  readonly methods: Map<string, Target>;
}

const routeKeyFormat = /^(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/\S*)$/;
const pathFormat = /^(?:\/(?:[^/{}?#]+|\{\w+\}))*\/(?:[^/{}?#]*|\{\w+\+?\})$/;

/**
 * Arranges routes by their keys: `METHOD /path/{variable}`, `ANY /path/{greedy+}` or `$default`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 *
 * @throws NotUnderstoodError naming a key of another form, or one that is there twice
 */
export function arrangeRoutes<Target extends { readonly routeKey: string }>(
  routes: readonly Target[],
): Routes<Target> {
  const keys = routes.map(({ routeKey }) => routeKey);
  const duplicate = keys.find((key, index) => keys.indexOf(key) !== index);
  if (duplicate) throw new UnsupportedTemplateError(`two routes have the key ${duplicate}`);
  const root: GrowingNode<Target> = { pathPart: '', children: [], methods: new Map() };
  for (const target of routes) {
    if (target.routeKey === '$default') continue;
    const [, method, path] = routeKeyFormat.exec(target.routeKey) ?? [];
    if (!method || !path || !pathFormat.test(path)) {
      throw new UnsupportedTemplateError(
        `local mode does not understand the route ${target.routeKey}`,
      );
    }
    const segments = path.split('/').filter((segment) => segment !== '');
    segments.reduce(childOf, root).methods.set(method, target);
  }
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  return { root, ...(fallback && { fallback }) };
}

function childOf<Target>(node: GrowingNode<Target>, pathPart: string): GrowingNode<Target> {
  const known = node.children.find((child) => child.pathPart === pathPart);
  if (known) return known;
  const child = { pathPart, children: [], methods: new Map() };
  node.children.push(child);
  return child;
}

/**
 * "API Gateway selects the route with the most-specific match, using the following priorities: 1. Full
 * match for a route and method. 2. Match for a route and method with a greedy path variable. 3. The
 * $default route." Among several full matches, or several greedy ones, AWS names no order: here a
 * static part goes before a variable, segment by segment, and then the request's method before `ANY`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 */
export function selectRoute<Target>(
  { root, fallback }: Routes<Target>,
  method: string,
  path: string,
): Match<Target> | undefined {
  return (
    route(root, method, path, { greedy: false }) ??
    route(root, method, path, { greedy: true }) ??
    (fallback && isRoutable(path) ? { target: fallback, pathParameters: {} } : undefined)
  );
}

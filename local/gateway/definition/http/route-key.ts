import { UnsupportedTemplateError } from '../../../template/unsupported';
import { notSupported } from '../not-supported';
import type { RouteNode } from '../route-tree';

/** Routes of an API by path and method, and the `$default` route. */
export interface Routes<Target> {
  readonly all: readonly Target[];
  readonly root: RouteNode<Target>;
  readonly fallback?: Target;
}

interface GrowingNode<Target> {
  readonly pathPart: string;
  readonly children: GrowingNode<Target>[];
  readonly methods: Map<string, Target>;
}

const ROUTE_KEY = /^(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/\S*)$/;
const ROUTE_PATH = /^(?:\/(?:[^/{}?#]+|\{\w+\}))*\/(?:[^/{}?#]*|\{\w+\+?\})$/;

/**
 * Arranges routes by their keys: `METHOD /path/{variable}`, `ANY /path/{greedy+}` or `$default`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * @throws UnsupportedTemplateError naming a key of another form, or a duplicate key
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
    const [, method, path] = ROUTE_KEY.exec(target.routeKey) ?? [];
    if (!method || !path || !ROUTE_PATH.test(path)) {
      throw notSupported(`the route key ${target.routeKey}`);
    }
    const segments = path.split('/').filter((segment) => segment !== '');
    segments.reduce(childOf, root).methods.set(method, target);
  }
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  return { all: routes, root, ...(fallback && { fallback }) };
}

/** Returns the child with the given path part, which it adds if there is none. */
function childOf<Target>(node: GrowingNode<Target>, pathPart: string): GrowingNode<Target> {
  const known = node.children.find((child) => child.pathPart === pathPart);
  if (known) return known;
  const child = { pathPart, children: [], methods: new Map() };
  node.children.push(child);
  return child;
}

import type { RouteNode } from '../definition/route-tree';
import { isRoutable, percentDecode } from '../request/path';

/** Target that a request matches, and the values of the path variables. */
export interface RouteMatch<Target> {
  readonly target: Target;
  /** Values as in the request path, percent-encoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds the most specific node with a method for the request. At each segment a static part precedes a
 * path variable, and that precedes a greedy one. On a node, the request's method precedes `ANY`. A branch
 * without a matching *method* falls back to the next, as measured on AWS: see
 * https://github.com/ministackorg/ministack/pull/1423 and
 * https://github.com/floci-io/floci/pull/3399.
 *
 * AWS does not document three cases, for which this router takes the safe side. Static parts are compared
 * after percent-decoding, as an upstream would. A path with a `.` or `..` segment has no route, since an
 * upstream can resolve it to another path. A trailing slash leads to the same route, as measured:
 * https://github.com/aws-powertools/powertools-lambda-python/issues/1552.
 *
 * @param greedy whether greedy variables match
 * @returns `undefined` if nothing matches the request
 */
export function matchPath<Target>(
  root: RouteNode<Target>,
  method: string,
  path: string,
  { greedy: withGreedy }: { readonly greedy: boolean } = { greedy: true },
): RouteMatch<Target> | undefined {
  if (!isRoutable(path)) return undefined;
  return descend(root, path.slice(1).split('/'), {});

  function descend(
    node: RouteNode<Target>,
    rest: readonly string[],
    pathParameters: Readonly<Record<string, string>>,
  ): RouteMatch<Target> | undefined {
    const [segment, ...below] = rest;
    if (segment === undefined || (segment === '' && below.length === 0)) {
      const target = node.methods.get(method) ?? node.methods.get('ANY');
      return target && { target, pathParameters };
    }
    for (const child of [...node.children].sort((a, b) => generality(a) - generality(b))) {
      const [, name, greedy] = /^\{(.+?)(\+?)\}$/.exec(child.pathPart) ?? [];
      let match: RouteMatch<Target> | undefined;
      if (name === undefined) {
        if (child.pathPart === percentDecode(segment))
          match = descend(child, below, pathParameters);
      } else if (greedy) {
        if (withGreedy) match = descend(child, [], { ...pathParameters, [name]: rest.join('/') });
      } else if (segment !== '') {
        match = descend(child, below, { ...pathParameters, [name]: segment });
      }
      if (match) return match;
    }
    return undefined;
  }
}

function generality({ pathPart }: RouteNode<unknown>): number {
  if (!pathPart.startsWith('{')) return 0;
  return pathPart.endsWith('+}') ? 2 : 1;
}

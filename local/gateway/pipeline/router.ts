import type { RouteNode } from '../definition/route-tree';
import { isRoutable } from '../request/path';

/** Target that a request matches, and the values of the path variables. */
export interface RouteMatch<Target> {
  readonly target: Target;
  /** Values as in the path that was matched. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Differences between the kinds of API in how they match paths. */
export interface PathRules {
  /** False if greedy variables match nothing. Default: true. */
  readonly greedy?: boolean;
  /** Returns the text of a segment that is compared with static parts. Default: the segment. */
  readonly staticText?: (segment: string) => string;
  /** Returns the value of a greedy variable from the rest of the path. Default: the rest. */
  readonly greedyValue?: (rest: string) => string;
}

const asItIs = (text: string) => text;

/**
 * Methods that `ANY` stands for.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-method-settings.html
 */
const ANY_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/**
 * Finds the most specific node with a method for the request. At each segment a static part precedes a
 * path variable, and that precedes a greedy one. On a node, the request's method precedes `ANY`. A branch
 * without a matching *method* falls back to the next, as measured on AWS: see
 * https://github.com/ministackorg/ministack/pull/1423 and
 * https://github.com/floci-io/floci/pull/3399.
 *
 * A trailing slash leads to the same route, as measured:
 * https://github.com/aws-powertools/powertools-lambda-python/issues/1552. AWS does not document paths with
 * a `.` or `..` segment: here they have no route, since an upstream can resolve them to another path.
 *
 * @returns `undefined` if nothing matches the request
 */
export function matchPath<Target>(
  root: RouteNode<Target>,
  method: string,
  path: string,
  { greedy: withGreedy = true, staticText = asItIs, greedyValue = asItIs }: PathRules = {},
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
      const any = ANY_METHODS.includes(method) ? node.methods.get('ANY') : undefined;
      const target = node.methods.get(method) ?? any;
      return target && { target, pathParameters };
    }
    for (const child of [...node.children].sort((a, b) => generality(a) - generality(b))) {
      const [, name, greedy] = /^\{(.+?)(\+?)\}$/.exec(child.pathPart) ?? [];
      let match: RouteMatch<Target> | undefined;
      if (name === undefined) {
        if (child.pathPart === staticText(segment)) match = descend(child, below, pathParameters);
      } else if (greedy) {
        const value = greedyValue(rest.join('/'));
        if (withGreedy) match = descend(child, [], { ...pathParameters, [name]: value });
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

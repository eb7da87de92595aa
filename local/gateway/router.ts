import type { Method, ResourceNode } from './rest-api-model';

/** The method that serves a request, and how the request's path fills the resource's path. */
export interface Match {
  readonly resource: ResourceNode;
  readonly method: Method;
  /** As in the request path, still percent-encoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds the most specific resource that has a method for the request: at each segment a static part
 * goes before a path parameter, and that before a greedy one; on a resource, the request's own
 * method goes before `ANY`. A branch that ends without a matching *method* falls back to the next:
 * measured on AWS, see https://github.com/ministackorg/ministack/pull/1423 and
 * https://github.com/floci-io/floci/pull/3399.
 *
 * Three things AWS does not document are settled on the safe side: static parts are compared after
 * percent-decoding, as an upstream would; a path with a `.` or `..` segment has no route, since an
 * upstream may take it for another one; and a trailing slash leads to the same resource.
 *
 * @returns `undefined` when no method serves the request
 */
export function route(root: ResourceNode, method: string, path: string): Match | undefined {
  if (!path.startsWith('/')) return undefined;
  const segments = path.slice(1).split('/');
  if (segments.some((segment) => ['.', '..'].includes(decode(segment)))) return undefined;
  return descend(root, segments, {});

  function descend(
    node: ResourceNode,
    rest: readonly string[],
    pathParameters: Readonly<Record<string, string>>,
  ): Match | undefined {
    const [segment, ...below] = rest;
    if (segment === undefined || (segment === '' && below.length === 0)) {
      const found = node.methods.get(method) ?? node.methods.get('ANY');
      return found && { resource: node, method: found, pathParameters };
    }
    for (const child of [...node.children].sort((a, b) => generality(a) - generality(b))) {
      const [, name, greedy] = /^\{(.+?)(\+?)\}$/.exec(child.pathPart) ?? [];
      let match: Match | undefined;
      if (name === undefined) {
        if (child.pathPart === decode(segment)) match = descend(child, below, pathParameters);
      } else if (greedy) {
        match = descend(child, [], { ...pathParameters, [name]: rest.join('/') });
      } else if (segment !== '') {
        match = descend(child, below, { ...pathParameters, [name]: segment });
      }
      if (match) return match;
    }
    return undefined;
  }
}

/** Percent-decoding that leaves malformed input as it is. */
export function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function generality({ pathPart }: ResourceNode): number {
  if (!pathPart.startsWith('{')) return 0;
  return pathPart.endsWith('+}') ? 2 : 1;
}

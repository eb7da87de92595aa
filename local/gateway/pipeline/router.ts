/** A node of an API's tree of paths. */
export interface RouteNode<Target> {
  /** One segment: static, `{parameter}` or `{greedy+}`; empty for the root. */
  readonly pathPart: string;
  readonly children: readonly RouteNode<Target>[];
  /** By HTTP method; `ANY` stands for all that are not defined themselves. */
  readonly methods: ReadonlyMap<string, Target>;
}

/** What serves a request, and how the request's path fills the variables of the route's path. */
export interface Match<Target> {
  readonly target: Target;
  /** As in the request path, still percent-encoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds the most specific node that has a method for the request: at each segment a static part
 * goes before a path variable, and that before a greedy one; on a node, the request's own method
 * goes before `ANY`. A branch that ends without a matching *method* falls back to the next: measured
 * on AWS, see https://github.com/ministackorg/ministack/pull/1423 and
 * https://github.com/floci-io/floci/pull/3399.
 *
 * Three things AWS does not document are settled on the safe side: static parts are compared after
 * percent-decoding, as an upstream would; a path with a `.` or `..` segment has no route, since an
 * upstream may take it for another one; and a trailing slash leads to the same route, as measured:
 * https://github.com/aws-powertools/powertools-lambda-python/issues/1552.
 *
 * @param greedy whether greedy variables count
 * @returns `undefined` when nothing serves the request
 */
export function route<Target>(
  root: RouteNode<Target>,
  method: string,
  path: string,
  { greedy: withGreedy }: { readonly greedy: boolean } = { greedy: true },
): Match<Target> | undefined {
  if (!isRoutable(path)) return undefined;
  return descend(root, path.slice(1).split('/'), {});

  function descend(
    node: RouteNode<Target>,
    rest: readonly string[],
    pathParameters: Readonly<Record<string, string>>,
  ): Match<Target> | undefined {
    const [segment, ...below] = rest;
    if (segment === undefined || (segment === '' && below.length === 0)) {
      const target = node.methods.get(method) ?? node.methods.get('ANY');
      return target && { target, pathParameters };
    }
    for (const child of [...node.children].sort((a, b) => generality(a) - generality(b))) {
      const [, name, greedy] = /^\{(.+?)(\+?)\}$/.exec(child.pathPart) ?? [];
      let match: Match<Target> | undefined;
      if (name === undefined) {
        if (child.pathPart === decode(segment)) match = descend(child, below, pathParameters);
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

/** Whether a path may have a route at all: it is absolute and no segment of it is `.` or `..`. */
export function isRoutable(path: string): boolean {
  const segments = path.split('/');
  return segments[0] === '' && !segments.some((segment) => ['.', '..'].includes(decode(segment)));
}

/** Percent-decoding that leaves malformed input as it is. */
export function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function generality({ pathPart }: RouteNode<unknown>): number {
  if (!pathPart.startsWith('{')) return 0;
  return pathPart.endsWith('+}') ? 2 : 1;
}

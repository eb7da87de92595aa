import { resourceOf } from './protected-resources';

type Segments = readonly string[];

interface ParsedRoute {
  readonly method: string;
  readonly segments: Segments;
}

/**
 * Returns the routes that a resource lacks, without which a route of another resource, or of none, matches requests at
 * its path or below. The result is empty if the route belongs to the resource or one below it.
 *
 * @param route route key, such as `ANY /{proxy+}`
 * @param path path of the resource
 * @param declared all routes of the API
 */
export function missingRoutes(
  route: string,
  path: string,
  declared: readonly string[],
): readonly string[] {
  const isOfResource = (name: string) => resourceOf(name, [{ path }]) !== undefined;
  if (isOfResource(route)) return [];
  const { method, segments } = parse(route);
  // HTTP APIs prefer routes without a greedy variable to those with one, whatever precedes it.
  const canBeGreedy = segments.some(isGreedy);
  const own = declared
    .filter(isOfResource)
    .map(parse)
    .filter((it) => ['ANY', method].includes(it.method))
    .map((it) => it.segments)
    .filter((it) => canBeGreedy || !it.some(isGreedy));
  return commonPaths(segments, path.split('/').slice(1))
    .flatMap((common) => unmatched(common, own))
    .map((it) => `${method} /${it.join('/')}`);
}

function parse(name: string): ParsedRoute {
  if (name === '$default') return { method: 'ANY', segments: ['{default+}'] };
  const [method = '', path = ''] = name.split(' ');
  return { method, segments: path.split('/').slice(1) };
}

/** Returns the path patterns at or below a path that a route matches. */
function commonPaths(route: Segments, path: Segments): readonly Segments[] {
  for (const [at, segment] of path.entries()) {
    const own = route[at];
    if (own === undefined) return [];
    if (isGreedy(own)) return [path, [...path, '{proxy+}']];
    if (own !== segment && !isVariable(own)) return [];
  }
  return [[...path, ...route.slice(path.length)]];
}

/** Returns the parts of a path pattern that none of the routes matches. */
function unmatched(pattern: Segments, routes: readonly Segments[]): readonly Segments[] {
  if (routes.some((route) => includes(route, pattern))) return [];
  const parent = pattern.slice(0, -1);
  if (!isGreedy(pattern.at(-1) ?? '')) return [pattern];
  // A REST API takes no greedy variable next to another one: both segments are looked at one by one.
  const variable = routes
    .filter((route) => parent.every((segment, at) => segment === route[at]))
    .map((route) => route[parent.length])
    .find((segment) => segment !== undefined && isVariable(segment));
  if (variable === undefined) return [pattern];
  const child = [...parent, variable];
  return [...unmatched(child, routes), ...unmatched([...child, '{proxy+}'], routes)];
}

/** Returns whether a route matches all requests that a path pattern matches. */
function includes([one, ...ones]: Segments, [other, ...others]: Segments): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (isGreedy(one)) return true;
  const isMatched = isVariable(one) ? !isGreedy(other) : one === other;
  return isMatched && includes(ones, others);
}

function isVariable(segment: string): boolean {
  return segment.startsWith('{');
}

function isGreedy(segment: string): boolean {
  return segment.endsWith('+}');
}

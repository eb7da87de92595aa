import { isAtLeastAsStrict, type ScopeRequirement } from './scope-requirement';

/** Route of an API, with its scope requirement; `public` if it has no authorizer. */
export interface RouteAccess {
  /** Route key: `GET /orders/{id}`, `ANY /{proxy+}` or, for HTTP APIs, `$default`. */
  readonly name: string;
  readonly requirement: ScopeRequirement | 'public';
}

/** Pair of routes: the broader one can allow a request that the specific one denies. */
export interface ShadowedRoute {
  readonly specific: string;
  readonly broader: string;
}

/** Route key of an HTTP API that matches every request that no other route matches. */
const DEFAULT_ROUTE = '$default';

interface ParsedRoute extends RouteAccess {
  readonly method: string;
  readonly path: string;
}

/**
 * Returns the routes whose requirement can be bypassed through a broader route. A client can spell the
 * path so that API Gateway matches the broader route and the upstream the specific one. Or it can use a
 * method that only the broader route has.
 */
export function shadowedRoutes(routes: readonly RouteAccess[]): readonly ShadowedRoute[] {
  const parsed = routes.map(parse);
  const declared = new Set(parsed.map(({ method, path }) => `${method} ${path}`));
  // A route with the path of the specific one and the method of the broader one takes precedence.
  const methodsOverlap = (broader: ParsedRoute, specific: ParsedRoute) =>
    [broader.method, specific.method].includes('ANY') ||
    broader.method === specific.method ||
    !['ANY', broader.method].some((method) => declared.has(`${method} ${specific.path}`));
  return parsed.flatMap((specific) =>
    parsed
      .filter((broader) => covers(broader.path, specific.path) && methodsOverlap(broader, specific))
      .filter((broader) => isWeaker(broader, specific))
      .map((broader) => ({ specific: specific.name, broader: broader.name })),
  );
}

/** Returns the route with its method and path. */
function parse(route: RouteAccess): ParsedRoute {
  if (route.name === DEFAULT_ROUTE) return { ...route, method: 'ANY', path: DEFAULT_ROUTE };
  const [method = '', path = ''] = route.name.split(' ');
  return { ...route, method, path };
}

/** Returns whether the first route accepts a token, or its absence, that the second one denies. */
function isWeaker({ requirement: one }: RouteAccess, { requirement: other }: RouteAccess): boolean {
  if (other === 'public') return false;
  return one === 'public' || !isAtLeastAsStrict(one, other);
}

/**
 * Returns whether both paths match a common request, and the broader one has a variable at the position
 * of a more specific segment. It then also matches other spellings of that segment.
 */
function covers(broader: string, specific: string): boolean {
  if (specific === DEFAULT_ROUTE) return false;
  if (broader === DEFAULT_ROUTE) return true;
  const [segments, others] = [segmentsOf(broader), segmentsOf(specific)];
  return overlap(segments, others) && segments.some((it, at) => isBroader(it, others[at]));
}

/** Returns whether a request exists that both paths match. */
function overlap(
  [one, ...ones]: readonly string[],
  [other, ...others]: readonly string[],
): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (isGreedy(one) || isGreedy(other)) return true;
  if (one === other) return overlap(ones, others);
  // A variable does not match the empty segment of the root.
  const isMatched = isVariable(one) ? other !== '' : isVariable(other) && one !== '';
  return isMatched && overlap(ones, others);
}

/** Returns whether a segment matches more than the segment at the same position of another path. */
function isBroader(segment: string, other: string | undefined): boolean {
  if (other === undefined || isGreedy(other)) return false;
  return isGreedy(segment) || (isVariable(segment) && !isVariable(other));
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').slice(1);
}

function isVariable(segment: string): boolean {
  return segment.startsWith('{');
}

function isGreedy(segment: string): boolean {
  return segment.endsWith('+}');
}

import { isAtLeastAsStrict, type ScopeRequirement } from './scope-requirement';

/** A route of an API, with what it requires of a token; a public one takes requests without. */
export interface RouteAccess {
  /** As API Gateway names it: `GET /orders/{id}`, `ANY /{proxy+}` or, of HTTP APIs, `$default`. */
  readonly name: string;
  readonly requirement: ScopeRequirement | 'public';
}

/** A narrow route, and a wide one that can be allowed where the narrow one is not. */
export interface ShadowedRoute {
  readonly narrow: string;
  readonly wide: string;
}

/** Route of an HTTP API that matches every request that no other route matches. */
const DEFAULT_ROUTE = '$default';

interface Parsed extends RouteAccess {
  readonly method: string;
  readonly path: string;
}

/**
 * Returns the routes whose requirement can be circumvented by another route: with a spelling of the path
 * that API Gateway matches with the wide route and the upstream with the narrow one, or with a method that
 * only the wide one has.
 */
export function shadowedRoutes(routes: readonly RouteAccess[]): readonly ShadowedRoute[] {
  const parsed = routes.map(parse);
  const declared = new Set(parsed.map(({ method, path }) => `${method} ${path}`));
  /** Else another route of the narrow one's path stands between them. */
  const meets = (wide: Parsed, narrow: Parsed) =>
    [wide.method, narrow.method].includes('ANY') ||
    wide.method === narrow.method ||
    !['ANY', wide.method].some((method) => declared.has(`${method} ${narrow.path}`));
  return parsed.flatMap((narrow) =>
    parsed
      .filter((wide) => covers(wide.path, narrow.path) && meets(wide, narrow))
      .filter((wide) => isWeaker(wide, narrow))
      .map((wide) => ({ narrow: narrow.name, wide: wide.name })),
  );
}

function parse(route: RouteAccess): Parsed {
  if (route.name === DEFAULT_ROUTE) return { ...route, method: 'ANY', path: DEFAULT_ROUTE };
  const [method = '', path = ''] = route.name.split(' ');
  return { ...route, method, path };
}

function isWeaker({ requirement: wide }: RouteAccess, { requirement: narrow }: RouteAccess) {
  if (narrow === 'public') return false;
  return wide === 'public' || !isAtLeastAsStrict(wide, narrow);
}

/**
 * Returns whether the wide path matches requests that the narrow one matches too, and has a variable at the
 * place of something more specific: it then also matches other spellings of what is at that place.
 */
function covers(wide: string, narrow: string): boolean {
  if (narrow === DEFAULT_ROUTE) return false;
  if (wide === DEFAULT_ROUTE) return true;
  const [wides, narrows] = [segmentsOf(wide), segmentsOf(narrow)];
  return overlap(wides, narrows) && wides.some((segment, at) => isWider(segment, narrows[at]));
}

/** Returns whether one path matches a request that another path matches too. */
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

/** Returns whether a segment of a path matches more than the segment at the same place of another path. */
function isWider(segment: string, narrow: string | undefined): boolean {
  if (narrow === undefined || isGreedy(narrow)) return false;
  return isGreedy(segment) || (isVariable(segment) && !isVariable(narrow));
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

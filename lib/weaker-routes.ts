import { implies, type Requirement } from './requirement';

/** A route of an API, with what it requires of a token; a public one takes requests without. */
export interface RouteAccess {
  /** As API Gateway names it: `GET /orders/{id}`, `ANY /{proxy+}` or, of HTTP APIs, `$default`. */
  readonly name: string;
  readonly requirement: Requirement | 'public';
}

/** A narrow route, and a wide one around it that may be allowed where the narrow one is not. */
export interface WeakerRoute {
  readonly narrow: string;
  readonly wide: string;
}

interface Parsed extends RouteAccess {
  readonly method: string;
  readonly path: string;
}

/**
 * Routes whose requirement might be got around: by another spelling of the path that API Gateway takes
 * for the wide route and the upstream for the narrow one, or by a method that only the wide one has.
 */
export function weakerRoutes(routes: readonly RouteAccess[]): readonly WeakerRoute[] {
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
  // It takes what no other route does.
  if (route.name === '$default') return { ...route, method: 'ANY', path: '/{default+}' };
  const [method = '', path = ''] = route.name.split(' ');
  return { ...route, method, path };
}

function isWeaker({ requirement: wide }: RouteAccess, { requirement: narrow }: RouteAccess) {
  if (narrow === 'public') return false;
  return wide === 'public' || !implies(wide, narrow);
}

/** Whether a greedy path takes in another one. */
function covers(greedy: string, path: string): boolean {
  if (!greedy.endsWith('+}') || path === greedy) return false;
  const before = greedy.split('/').slice(0, -1);
  const segments = path.split('/');
  return (
    segments.length > before.length &&
    before.every((segment, at) => segment.startsWith('{') || segment === segments[at])
  );
}

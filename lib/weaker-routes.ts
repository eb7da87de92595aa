import { NO_REQUIREMENT, requirementOf } from './requirement';
import type { Route } from './route-scopes';

/** A narrow route that asks for scopes, and a wide one around it that asks for none. */
export interface WeakerRoute {
  readonly narrow: Route;
  readonly wide: Route;
}

/**
 * Routes whose requirement might be got around: by another spelling of the path that API Gateway takes
 * for the wide route and the upstream for the narrow one, or by a method that only the wide one has.
 */
export function weakerRoutes(routes: readonly Route[]): readonly WeakerRoute[] {
  const open = (route: Route) =>
    route.public || requirementOf(route.scopes).name === NO_REQUIREMENT;
  return routes
    .filter((narrow) => !open(narrow))
    .flatMap((narrow) =>
      routes
        .filter((wide) => open(wide) && wide.path.endsWith('+}') && covers(wide.path, narrow.path))
        .map((wide) => ({ narrow, wide })),
    );
}

/** Whether a greedy path takes in another one. */
function covers(greedy: string, path: string): boolean {
  const prefix = greedy.slice(0, greedy.lastIndexOf('{'));
  return path !== greedy && path.startsWith(prefix);
}

import { z } from 'zod';

/** As much of a config as these checks need, read leniently: they run beside those of the schema. */
const routesOfConfig = z.object({
  api: z.object({
    routes: z.array(z.unknown()),
    cors: z.unknown().optional(),
  }),
});

const routeOfConfig = z.object({
  method: z.string(),
  path: z.string(),
  public: z.unknown().optional(),
});

type Route = z.output<typeof routeOfConfig> & { readonly at: string };

/** What is wrong between the routes of a config, each fault with its path in the file. */
export function routeFaults(config: unknown): string[] {
  const reading = routesOfConfig.safeParse(config);
  if (!reading.success) return [];
  const { routes: given, cors } = reading.data.api;
  const routes = given.flatMap((candidate, index) => {
    const route = routeOfConfig.safeParse(candidate);
    return route.success ? [{ ...route.data, at: `api.routes[${index}]` }] : [];
  });
  return [
    ...repeatedRoutes(routes),
    ...(cors === undefined ? [] : preflightRoutes(routes)),
    ...siblingVariables(routes),
    ...(routes.length > 0 && routes.every((route) => route.public === true)
      ? ['api.routes: must hold a route that is not public: nothing would be protected']
      : []),
  ];
}

function repeatedRoutes(routes: readonly Route[]): string[] {
  const known = new Set<string>();
  return routes.flatMap(({ at, method, path }) => {
    const key = `${method} ${path}`;
    const repeated = known.has(key);
    known.add(key);
    return repeated ? [`${at}: repeats the route ${key}`] : [];
  });
}

function preflightRoutes(routes: readonly Route[]): string[] {
  return routes
    .filter(({ method }) => method === 'OPTIONS')
    .map(({ at }) => `${at}: clashes with cors, which answers OPTIONS`);
}

/**
 * API Gateway takes one path variable below a resource, whatever its name, and a greedy one beside it.
 * It would refuse more at the deployment.
 */
function siblingVariables(routes: readonly Route[]): string[] {
  const variables = new Map<string, string>();
  return routes.flatMap(({ at, path }) => {
    const segments = path.split('/');
    return segments.flatMap((segment, index) => {
      if (!/^\{\w+\}$/.test(segment)) return [];
      const parent = segments.slice(0, index).join('/');
      const other = variables.get(parent) ?? segment;
      variables.set(parent, other);
      return other === segment
        ? []
        : [`${at}: names the path variable ${segment} where another route has ${other}`];
    });
  });
}

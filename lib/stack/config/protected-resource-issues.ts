import { z } from 'zod';
import { resourceFaults } from '../../protection/resource-faults';
import { metadataLocations } from '../../protection/rest/metadata-location';
import { EVERY_ROUTE } from '../../scopes/route-scopes';

/** Lenient schema of a resource, since a config can have other faults too. */
const resourceOfConfig = z.object({
  resource: z.unknown(),
  authorizationServers: z.unknown().optional(),
});

const urls = z.array(z.url());
const publicUrlsOfConfig = z.array(z.string()).optional();

interface Route {
  readonly method: string;
  readonly path: string;
  readonly public?: unknown;
  /** Key of the route in the config. */
  readonly at: string;
}

/**
 * Returns the faults of protected resources, in themselves and with the routes of the API.
 *
 * @param routes configured routes; none for every method and path
 */
export function protectedResourceIssues(
  api: { readonly protectedResource?: unknown; readonly publicUrls?: unknown },
  routes: readonly Route[],
  { issuer, audience }: { readonly issuer?: unknown; readonly audience?: unknown } = {},
): string[] {
  const { protectedResource: given } = api;
  if (given === undefined) return [];
  const resources = [given].flat().map((resource) => resourceOfConfig.safeParse(resource).data);
  const keys = resources.map((_, index) =>
    Array.isArray(given) ? `api.protectedResource[${index}]` : 'api.protectedResource',
  );
  const unknownServers = resources.flatMap((resource, index) =>
    resource && resource.authorizationServers === undefined && issuer === undefined
      ? [`${keys[index]}.authorizationServers: is required if token.issuer is not set`]
      : [],
  );
  const named = urls.safeParse(resources.map((it) => it?.resource));
  const publicUrls = publicUrlsOfConfig.safeParse(api.publicUrls);
  if (!named.success || !publicUrls.success) return unknownServers;
  return [
    ...unknownServers,
    ...locationFaults(named.data, keys, publicUrls.data, routes),
    ...routeFaults(named.data, keys, publicUrls.data, routes, audience !== undefined),
  ];
}

/** Returns the faults by which a token for one resource would be accepted at another one. */
function routeFaults(
  resources: readonly string[],
  keys: readonly string[],
  publicUrls: readonly string[] | undefined,
  routes: readonly Route[],
  hasAudience: boolean,
): string[] {
  const locations = metadataLocations(resources, publicUrls);
  const located = resources.flatMap((resource, index) => {
    const path = locations[index]?.path;
    return path === undefined ? [] : [{ resource, path }];
  });
  // Resources without a place of their own are reported as such.
  if (new Set(located.map(({ path }) => path)).size < resources.length) return [];
  const all = routes.length > 0 ? routes : EVERY_ROUTE.map((it) => ({ ...it, at: 'api.routes' }));
  const named = all.map((it) => ({
    name: `${it.method} ${it.path}`,
    isProtected: it.public !== true,
    at: it.at,
  }));
  const keyOf = (subject: string) =>
    named.find(({ name }) => name === subject)?.at ??
    `${keys[resources.indexOf(subject)]}.resource`;
  const settings = { publicUrls: 'api.publicUrls', audience: 'token.audience' };
  const faults = resourceFaults(named, located, hasAudience, settings);
  return [...new Set(faults.map(({ subject, fault }) => `${keyOf(subject)}: ${fault}`))];
}

function locationFaults(
  resources: readonly string[],
  keys: readonly string[],
  publicUrls: readonly string[] | undefined,
  routes: readonly Route[],
): string[] {
  const locations = metadataLocations(resources, publicUrls);
  const paths = locations.map((it) => it?.path);
  const served = locations.flatMap((it) => it?.paths ?? []);
  return [
    ...locations.flatMap((location, index) => {
      // Without api.publicUrls the URL itself is faulty, which its own schema reports.
      if (location === undefined) {
        return publicUrls
          ? [
              `${keys[index]}.resource: must be one of api.publicUrls or below, got: ${JSON.stringify(resources[index])}`,
            ]
          : [];
      }
      return paths.indexOf(location.path) < index
        ? [`${keys[index]}.resource: must have another path than the resources before it`]
        : [];
    }),
    ...routes
      .filter(({ path }) => served.includes(path))
      .map(({ at }) => `${at}: conflicts with api.protectedResource, which is served at this path`),
  ];
}

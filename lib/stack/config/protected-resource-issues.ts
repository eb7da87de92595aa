import { z } from 'zod';
import { metadataLocations } from '../../protection/rest/metadata-location';

/** Lenient schema of a resource, since a config can have other faults too. */
const resourceOfConfig = z.object({
  resource: z.unknown(),
  authorizationServers: z.unknown().optional(),
});

const urls = z.array(z.url());
const publicUrlsOfConfig = z.array(z.string()).optional();

interface Route {
  readonly path: string;
  /** Key of the route in the config. */
  readonly at: string;
}

/** Returns the faults of protected resources, in themselves and with the routes of the API. */
export function protectedResourceIssues(
  api: { readonly protectedResource?: unknown; readonly publicUrls?: unknown },
  routes: readonly Route[],
  issuer: unknown,
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
  return [...unknownServers, ...locationFaults(named.data, keys, publicUrls.data, routes)];
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

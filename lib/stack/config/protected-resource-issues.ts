import { z } from 'zod';
import { resourceFaults } from '../../protection/resource-faults';
import { type MetadataLocation, metadataLocations } from '../../protection/rest/metadata-location';
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

/** Resource of a config. */
interface PlacedResource {
  readonly resource: string;
  /** Key of the resource in the config. */
  readonly key: string | undefined;
  /** Location of its metadata; `undefined` if it is below none of the base URLs. */
  readonly location: MetadataLocation | undefined;
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
  const locations = metadataLocations(named.data, publicUrls.data);
  const placed = named.data.map((resource, index) => ({
    ...{ resource, key: keys[index] },
    location: locations[index],
  }));
  return [
    ...unknownServers,
    ...locationFaults(placed, publicUrls.data !== undefined, routes),
    ...routeFaults(placed, routes, audience !== undefined),
  ];
}

/** Returns the faults by which a token for one resource would be accepted at another one. */
function routeFaults(
  resources: readonly PlacedResource[],
  routes: readonly Route[],
  hasAudience: boolean,
): string[] {
  const located = resources.flatMap(({ resource, location }) =>
    location === undefined ? [] : [{ resource, path: location.path }],
  );
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
    `${resources.find(({ resource }) => resource === subject)?.key}.resource`;
  const settings = { publicUrls: 'api.publicUrls', audience: 'token.audience' };
  const faults = resourceFaults(named, located, hasAudience, settings);
  return [...new Set(faults.map(({ subject, fault }) => `${keyOf(subject)}: ${fault}`))];
}

function locationFaults(
  resources: readonly PlacedResource[],
  hasPublicUrls: boolean,
  routes: readonly Route[],
): string[] {
  const paths = resources.map(({ location }) => location?.path);
  const served = resources.flatMap(({ location }) => location?.paths ?? []);
  return [
    ...resources.flatMap(({ resource, key, location }, index) => {
      // Without api.publicUrls the URL itself is faulty, which its own schema reports.
      if (location === undefined) {
        return hasPublicUrls
          ? [
              `${key}.resource: must be one of api.publicUrls or below, got: ${JSON.stringify(resource)}`,
            ]
          : [];
      }
      return paths.indexOf(location.path) < index
        ? [`${key}.resource: must have another path than the resources before it`]
        : [];
    }),
    ...routes
      .filter(({ path }) => served.includes(path))
      .map(({ at }) => `${at}: conflicts with api.protectedResource, which is served at this path`),
  ];
}

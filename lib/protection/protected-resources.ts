import { Token } from 'aws-cdk-lib';
import { assertAudience } from '../authorizer/audience';
import { assertProp, PropError } from '../validation/prop-error';
import { PUBLISHABLE_RULE, UNPUBLISHABLE } from '../validation/prop-patterns';
import { type MetadataLocation, metadataLocations } from './rest/metadata-location';

/** Metadata of an API for clients. @see https://www.rfc-editor.org/rfc/rfc9728#section-2 */
export interface ProtectedResource {
  /**
   * Identifier of the API, or of the endpoint that clients call: its URL, such as
   * `https://mcp.example.com/mcp`, without a trailing slash.
   */
  readonly resource: string;
  /** Issuers of the tokens that it accepts. */
  readonly authorizationServers: readonly string[];
  /**
   * Scopes that clients can request.
   *
   * @default - not published
   */
  readonly scopesSupported?: readonly string[];
  /**
   * Names of the resource at the authorization server. The claim `aud` of a token must contain one of them.
   *
   * @default - the audience of the protection or the function, if it is the only resource, else `resource`
   */
  readonly audience?: readonly string[];
}

/** Resource whose URL is known to belong to the API. */
export interface LocatedResource extends ProtectedResource, MetadataLocation {}

/**
 * Returns the resources of an API with the locations of their metadata.
 *
 * @param publicUrls base URLs under which clients call the API; by default the origins of the resources
 * @param apiAudience audience of the API, or that of its function
 * @throws PropError if a resource is not valid in a challenge, is below none of the base URLs, or cannot be told
 * from another one by its path.
 */
export function locateResources(
  given: ProtectedResource | readonly ProtectedResource[] | undefined,
  publicUrls: readonly string[] | undefined,
  apiAudience?: readonly string[],
): readonly LocatedResource[] {
  const resources = given === undefined ? [] : [given].flat();
  for (const resource of resources) assertResource(resource, resources.length > 1, apiAudience);
  const urls = resources.map(({ resource }) => resource);
  const locations = metadataLocations(urls, publicUrls);
  const located = resources.map((resource, index) => {
    const location = locations[index];
    if (location !== undefined) return { ...resource, ...location };
    throw new PropError(
      `protectedResource.resource must be one of publicUrls or below, got: ${resource.resource}`,
    );
  });
  const paths = located.map(({ path }) => path);
  assertProp(
    'protectedResource',
    urls,
    'must be resources with different paths, which tell their routes apart',
    new Set(paths).size === paths.length,
  );
  return located;
}

/**
 * Returns the resource that a route belongs to: the one whose path is the longest prefix of its own.
 *
 * @param route route key, such as `POST /mcp`
 */
export function resourceOf<Resource extends Pick<MetadataLocation, 'path'>>(
  route: string,
  resources: readonly Resource[],
): Resource | undefined {
  const routePath = route.slice(route.indexOf(' ') + 1);
  const [longest] = resources
    .filter(({ path }) => path === '' || routePath === path || routePath.startsWith(`${path}/`))
    .sort((one, other) => other.path.length - one.path.length);
  return longest;
}

/**
 * Returns the audience of a route; `undefined` if that of its API applies. Without an audience of the API, routes
 * outside its only resource accept the tokens of this resource: that is the only name that the API is known to have.
 *
 * @param apiAudience audience of the API, or that of its function
 */
export function audienceOf(
  route: string,
  resources: readonly LocatedResource[],
  apiAudience: readonly string[] | undefined,
): readonly string[] | undefined {
  const nameOf = ({ audience, resource }: LocatedResource) => audience ?? [resource];
  const [first, ...others] = resources;
  const isOnly = first !== undefined && others.length === 0;
  const own = resourceOf(route, resources);
  if (own !== undefined && (own.audience || !isOnly || !apiAudience)) return nameOf(own);
  if (apiAudience || first === undefined) return undefined;
  // Synthesis fails. Also if its validation is skipped, the function rejects an empty audience.
  return isOnly ? nameOf(first) : [];
}

/** Metadata of a resource. @see https://www.rfc-editor.org/rfc/rfc9728#section-2 */
export interface ResourceMetadata {
  readonly resource: string;
  readonly [member: string]: unknown;
}

/** Returns the metadata of a resource, without what concerns bound tokens. */
export function metadataOf({
  resource,
  authorizationServers,
  scopesSupported,
}: ProtectedResource): ResourceMetadata {
  return {
    resource,
    authorization_servers: authorizationServers,
    ...(scopesSupported?.length && { scopes_supported: scopesSupported }),
    bearer_methods_supported: ['header'],
  };
}

function assertResource(
  { resource, audience }: ProtectedResource,
  hasOthers: boolean,
  apiAudience: readonly string[] | undefined,
): void {
  const isKnown = !Token.isUnresolved(resource);
  const isPublishable = !UNPUBLISHABLE.test(resource) && !resource.endsWith('/');
  assertProp(
    'protectedResource.resource',
    resource,
    `${PUBLISHABLE_RULE}, and not end with a slash`,
    isPublishable || !isKnown,
  );
  assertProp(
    'protectedResource.resource',
    resource,
    'must be known at synthesis if there are several, since their paths tell their routes apart',
    isKnown || !hasOthers,
  );
  assertAudience(audience);
  assertProp(
    'protectedResource.audience',
    audience,
    'must be known at synthesis, since it tells results apart that must not be replayed for each other',
    // A list that contains tokens is not a token itself.
    ![audience, ...(audience ?? [])].some((it) => Token.isUnresolved(it)),
  );
  assertProp(
    'protectedResource.audience',
    audience,
    'must be set if resource is known at deployment only and the API has no audience, since tokens are compared with a known name',
    isKnown || audience !== undefined || apiAudience !== undefined,
  );
}

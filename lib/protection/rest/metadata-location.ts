import { Token } from 'aws-cdk-lib';

/** Well-known path of the metadata. @see https://www.rfc-editor.org/rfc/rfc9728#section-3 */
export const METADATA_PATH = '/.well-known/oauth-protected-resource';

/** Location of the metadata of a protected resource. */
export interface MetadataLocation {
  /** URL for clients, which challenges name. */
  readonly url: string;
  /** Resource paths of the API that serve the metadata. The last one is that of the URL. */
  readonly paths: readonly string[];
  /** Path of the resource in the API, such as `/mcp`; empty for the whole API. */
  readonly path: string;
}

/**
 * Returns the locations of the metadata of several resources, in their order. The root of the well-known path is that
 * of a resource without a path or, if there is none, of the first one.
 */
export function metadataLocations(
  resources: readonly string[],
  publicUrls?: readonly string[],
): readonly (MetadataLocation | undefined)[] {
  const locations = resources.map((resource) => metadataLocation(resource, publicUrls));
  const root = locations.find((it) => it?.path === '') ?? locations[0];
  return locations.map((it) => (it === root ? it : it && { ...it, paths: it.paths.slice(-1) }));
}

/**
 * Returns the location of the metadata of a resource; `undefined` if the resource is below none of the base
 * URLs. RFC 9728 inserts the well-known path before the path of the resource. An API with a base path cannot
 * serve that URL, so the well-known path follows the base path there, and clients find the metadata by the
 * challenge.
 *
 * @param publicUrls base URLs under which clients call the API; by default the origin of the resource
 * @see https://www.rfc-editor.org/rfc/rfc9728#section-3.1
 */
export function metadataLocation(
  resource: string,
  publicUrls: readonly string[] = [defaultBase(resource)],
): MetadataLocation | undefined {
  const [base] = publicUrls
    .filter((url) => resource === url || resource.startsWith(`${url}/`))
    .sort((one, other) => other.length - one.length);
  if (base === undefined) return undefined;
  const path = resource.slice(base.length);
  const served = `${METADATA_PATH}${path}`;
  return { url: `${base}${served}`, paths: [...new Set([METADATA_PATH, served])], path };
}

/** Returns the origin of a URL; a URL that is known only at deployment is taken as a base URL itself. */
function defaultBase(resource: string): string {
  const isKnown = !Token.isUnresolved(resource) && URL.canParse(resource);
  return isKnown ? new URL(resource).origin : resource;
}

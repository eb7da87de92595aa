import { Token } from 'aws-cdk-lib';

/** Well-known path of the metadata. @see https://www.rfc-editor.org/rfc/rfc9728#section-3 */
export const METADATA_PATH = '/.well-known/oauth-protected-resource';

/** Location of the metadata of a protected resource. */
export interface MetadataLocation {
  /** URL for clients, which challenges name. */
  readonly url: string;
  /** Resource paths of the API that serve the metadata. The last one is that of the URL. */
  readonly paths: readonly string[];
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
  const path = `${METADATA_PATH}${resource.slice(base.length)}`;
  return { url: `${base}${path}`, paths: [...new Set([METADATA_PATH, path])] };
}

/** Returns the origin of a URL; a URL that is known only at deployment is taken as a base URL itself. */
function defaultBase(resource: string): string {
  const isKnown = !Token.isUnresolved(resource) && URL.canParse(resource);
  return isKnown ? new URL(resource).origin : resource;
}

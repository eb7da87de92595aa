import type { IAuthorizer, IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { type LocatedResource, metadataOf } from '../protected-resources';
import { addPublicPreflight, addStaticMethod } from './static-methods';

/**
 * Adds public methods that serve the metadata of resources from the API itself, without a function, and preflight
 * requests for it.
 *
 * @param acceptsDpop true if tokens can be bound to DPoP keys
 */
export function addProtectedResourceMetadata(
  api: IRestApi,
  resources: readonly LocatedResource[],
  publicAccess: IAuthorizer,
  acceptsDpop = false,
): void {
  for (const resource of resources) {
    for (const path of resource.paths) {
      const served = api.root.resourceForPath(path);
      addStaticMethod(served, 'GET', publicAccess, {
        statusCode: '200',
        headers: {
          'Content-Type': 'application/json',
          'Cache-Control': 'public, max-age=3600',
          // Public data, readable by browsers.
          'Access-Control-Allow-Origin': '*',
        },
        body: templateOf(metadataOf(resource, acceptsDpop)),
      });
      addPublicPreflight(served, publicAccess);
    }
  }
}

/**
 * Returns a document as a mapping template. Issuers and scopes can contain characters of the template language, which
 * JSON can escape.
 */
function templateOf(document: object): string {
  return JSON.stringify(document).replace(
    /[#$]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

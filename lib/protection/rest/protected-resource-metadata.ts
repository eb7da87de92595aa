import { Lazy } from 'aws-cdk-lib';
import type { IAuthorizer, IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { type LocatedResource, metadataOf } from '../protected-resources';
import { addPublicPreflight, addStaticMethod } from './static-methods';

/**
 * Adds public methods that serve the metadata of resources from the API itself, without a function, and preflight
 * requests for it.
 *
 * @param binding returns the members about bound tokens of a resource, at synthesis; default: none
 */
export function addProtectedResourceMetadata(
  api: IRestApi,
  resources: readonly LocatedResource[],
  publicAccess: IAuthorizer,
  binding?: (resource: string) => object,
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
        body: Lazy.string({
          produce: () => templateOf({ ...metadataOf(resource), ...binding?.(resource.resource) }),
        }),
      });
      addPublicPreflight(served, publicAccess);
    }
  }
}

/**
 * Returns a document as a mapping template. Issuers and scopes can contain characters of the template language, which
 * JSON can escape. CDK tokens stay as they are, to be resolved.
 */
function templateOf(document: object): string {
  return JSON.stringify(document).replace(
    /#|\$(?!\{Token\[)/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

import { Token } from 'aws-cdk-lib';
import {
  ContentHandling,
  type IAuthorizer,
  type IRestApi,
  MockIntegration,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { assertProp } from '../../validation/prop-error';
import { PUBLISHABLE_RULE, UNPUBLISHABLE } from '../../validation/prop-patterns';

/** What clients can discover about an API. @see https://www.rfc-editor.org/rfc/rfc9728#section-2 */
export interface ProtectedResource {
  /** The API's identifier: the URL under which clients call it, without a trailing slash. */
  readonly resource: string;
  /** Issuers of the authorization servers whose tokens it takes. */
  readonly authorizationServers: readonly string[];
  /**
   * Scopes that clients may ask for.
   *
   * @default - not told
   */
  readonly scopesSupported?: readonly string[];
}

/** @see https://www.rfc-editor.org/rfc/rfc9728#section-3 */
export const METADATA_PATH = '/.well-known/oauth-protected-resource';

/**
 * Where the metadata is served. RFC 9728 wants a path of the resource behind the well-known part, where
 * an API with a path before its own resources cannot serve it; challenges name the actual place.
 */
export function metadataUrl({ resource }: ProtectedResource): string {
  return `${resource}${METADATA_PATH}`;
}

/**
 * Serves the metadata from the API itself, to everybody: no function is called.
 *
 * @throws PropError if the resource cannot be named in a challenge.
 */
export function addProtectedResourceMetadata(
  api: IRestApi,
  resource: ProtectedResource,
  publicAccess: IAuthorizer,
): void {
  const { scopesSupported } = resource;
  const published = !UNPUBLISHABLE.test(resource.resource) && !resource.resource.endsWith('/');
  assertProp(
    'protectedResource.resource',
    resource.resource,
    `${PUBLISHABLE_RULE}, and not end with a slash`,
    published || Token.isUnresolved(resource.resource),
  );
  const metadata = JSON.stringify({
    resource: resource.resource,
    authorization_servers: resource.authorizationServers,
    ...(scopesSupported?.length && { scopes_supported: scopesSupported }),
    bearer_methods_supported: ['header'],
    // Issuers and scopes may hold signs of the template language, for which JSON has another spelling.
  }).replace(/[#$]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  const headers = {
    'Content-Type': "'application/json'",
    'Cache-Control': "'public, max-age=3600'",
    // Public data, also for the browser.
    'Access-Control-Allow-Origin': "'*'",
  };
  const prefixed = (value: (text: string) => unknown) =>
    Object.entries(headers).map(([name, text]) => [`method.response.header.${name}`, value(text)]);
  api.root.resourceForPath(METADATA_PATH).addMethod(
    'GET',
    new MockIntegration({
      // Where the API takes every media type as binary: the template below reads text only.
      contentHandling: ContentHandling.CONVERT_TO_TEXT,
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestTemplates: { 'application/json': '{"statusCode":200}' },
      integrationResponses: [
        {
          statusCode: '200',
          responseParameters: Object.fromEntries(prefixed((text) => text)),
          responseTemplates: { 'application/json': metadata },
        },
      ],
    }),
    {
      authorizer: publicAccess,
      methodResponses: [
        { statusCode: '200', responseParameters: Object.fromEntries(prefixed(() => true)) },
      ],
    },
  );
}

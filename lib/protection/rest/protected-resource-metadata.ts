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

/** Metadata of an API for clients. @see https://www.rfc-editor.org/rfc/rfc9728#section-2 */
export interface ProtectedResource {
  /** Identifier of the API: its URL for clients, without a trailing slash. */
  readonly resource: string;
  /** Issuers of the tokens that it accepts. */
  readonly authorizationServers: readonly string[];
  /**
   * Scopes that clients can request.
   *
   * @default - not published
   */
  readonly scopesSupported?: readonly string[];
}

/** Path of the metadata. @see https://www.rfc-editor.org/rfc/rfc9728#section-3 */
export const METADATA_PATH = '/.well-known/oauth-protected-resource';

/**
 * Returns the URL of the metadata. RFC 9728 inserts the well-known part before the path of the resource,
 * where an API with a base path cannot serve it; challenges name the actual URL.
 */
export function metadataUrl({ resource }: ProtectedResource): string {
  return `${resource}${METADATA_PATH}`;
}

/**
 * Adds a public method that serves the metadata from the API itself, without a function.
 *
 * @throws PropError if the resource is not valid in a challenge.
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
    // Issuers and scopes can contain characters of the template language, which JSON can escape.
  }).replace(/[#$]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  const headers = {
    'Content-Type': "'application/json'",
    'Cache-Control': "'public, max-age=3600'",
    // Public data, readable by browsers.
    'Access-Control-Allow-Origin': "'*'",
  };
  const prefixed = (value: (text: string) => unknown) =>
    Object.entries(headers).map(([name, text]) => [`method.response.header.${name}`, value(text)]);
  api.root.resourceForPath(METADATA_PATH).addMethod(
    'GET',
    new MockIntegration({
      // Needed if the API treats every media type as binary: the template below reads text only.
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

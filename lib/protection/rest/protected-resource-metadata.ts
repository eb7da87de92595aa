import { Token } from 'aws-cdk-lib';
import {
  AuthorizationType,
  ContentHandling,
  type IAuthorizer,
  type IResource,
  type IRestApi,
  MockIntegration,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { DPOP_ALGORITHMS } from '../../../lambda/contract';
import { assertProp, PropError } from '../../validation/prop-error';
import { PUBLISHABLE_RULE, UNPUBLISHABLE } from '../../validation/prop-patterns';
import { metadataLocation } from './metadata-location';

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
}

/**
 * Adds public methods that serve the metadata from the API itself, without a function, and preflight
 * requests for it.
 *
 * @param publicUrls base URLs under which clients call the API; by default the origin of the resource
 * @param acceptsDpop true if tokens can be bound to DPoP keys
 * @returns the URL of the metadata
 * @throws PropError if the resource is not valid in a challenge, or is below none of the base URLs.
 */
export function addProtectedResourceMetadata(
  api: IRestApi,
  resource: ProtectedResource,
  publicUrls: readonly string[] | undefined,
  publicAccess: IAuthorizer,
  acceptsDpop = false,
): string {
  const published = !UNPUBLISHABLE.test(resource.resource) && !resource.resource.endsWith('/');
  assertProp(
    'protectedResource.resource',
    resource.resource,
    `${PUBLISHABLE_RULE}, and not end with a slash`,
    published || Token.isUnresolved(resource.resource),
  );
  const location = metadataLocation(resource.resource, publicUrls);
  if (location === undefined) {
    throw new PropError(
      `protectedResource.resource must be one of publicUrls or below, got: ${resource.resource}`,
    );
  }
  const { url, paths } = location;
  for (const path of paths) {
    const served = api.root.resourceForPath(path);
    addStaticMethod(served, 'GET', publicAccess, {
      statusCode: '200',
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'public, max-age=3600',
        // Public data, readable by browsers.
        'Access-Control-Allow-Origin': '*',
      },
      body: metadataOf(resource, acceptsDpop),
    });
    // The API's own preflight method, if it has one for all resources.
    if (served.node.tryFindChild('OPTIONS') === undefined) {
      addStaticMethod(served, 'OPTIONS', publicAccess, { statusCode: '204', headers: PREFLIGHT });
    }
  }
  return url;
}

/** Clients in browsers add headers such as `MCP-Protocol-Version`. */
const PREFLIGHT = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '3600',
};

/** Returns the metadata as a mapping template. */
function metadataOf(resource: ProtectedResource, acceptsDpop: boolean): string {
  const { scopesSupported } = resource;
  return JSON.stringify({
    resource: resource.resource,
    authorization_servers: resource.authorizationServers,
    ...(scopesSupported?.length && { scopes_supported: scopesSupported }),
    bearer_methods_supported: ['header'],
    ...(acceptsDpop && { dpop_signing_alg_values_supported: DPOP_ALGORITHMS }),
    // Issuers and scopes can contain characters of the template language, which JSON can escape.
  }).replace(/[#$]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

interface StaticResponse {
  readonly statusCode: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Adds a method that responds without an upstream. */
function addStaticMethod(
  served: IResource,
  httpMethod: string,
  authorizer: IAuthorizer,
  { statusCode, headers, body }: StaticResponse,
): void {
  const parameters = (value: (text: string) => unknown) =>
    Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [
        `method.response.header.${name}`,
        value(text),
      ]),
    );
  served.addMethod(
    httpMethod,
    new MockIntegration({
      // Needed if the API treats every media type as binary: the template below reads text only.
      contentHandling: ContentHandling.CONVERT_TO_TEXT,
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestTemplates: { 'application/json': `{"statusCode":${statusCode}}` },
      integrationResponses: [
        {
          statusCode,
          responseParameters: parameters((text) => `'${text}'`) as Record<string, string>,
          ...(body !== undefined && { responseTemplates: { 'application/json': body } }),
        },
      ],
    }),
    {
      authorizer,
      // Not those of the API's defaultMethodOptions.
      authorizationType: AuthorizationType.NONE,
      apiKeyRequired: false,
      methodResponses: [
        {
          statusCode,
          responseParameters: parameters(() => true) as Record<string, boolean>,
        },
      ],
    },
  );
}

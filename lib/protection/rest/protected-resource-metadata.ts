import {
  AuthorizationType,
  ContentHandling,
  type IAuthorizer,
  type IResource,
  type IRestApi,
  MockIntegration,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { type LocatedResource, metadataOf } from '../protected-resources';

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
      // The API's own preflight method, if it has one for all resources.
      if (served.node.tryFindChild('OPTIONS') === undefined) {
        addStaticMethod(served, 'OPTIONS', publicAccess, { statusCode: '204', headers: PREFLIGHT });
      }
    }
  }
}

/** Clients in browsers add headers such as `MCP-Protocol-Version`. */
const PREFLIGHT = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '3600',
};

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

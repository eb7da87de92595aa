import {
  AuthorizationType,
  type CfnMethod,
  ContentHandling,
  type IAuthorizer,
  type IResource,
  Method,
  MockIntegration,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { PUBLIC_PREFLIGHT_HEADERS } from '../../../lambda/contract';

/** Response of a method without an upstream. */
export interface StaticResponse {
  readonly statusCode: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Body, as a mapping template. */
  readonly body?: string;
}

/** Response to preflight requests for public data. */
const PREFLIGHT: StaticResponse = { statusCode: '204', headers: PUBLIC_PREFLIGHT_HEADERS };

/** Adds a method that responds without an upstream. */
export function addStaticMethod(
  served: IResource,
  httpMethod: string,
  authorizer: IAuthorizer,
  response: StaticResponse,
): void {
  served.addMethod(httpMethod, new MockIntegration(integrationOf(response)), {
    authorizer,
    // Not those of the API's defaultMethodOptions.
    authorizationType: AuthorizationType.NONE,
    apiKeyRequired: false,
    methodResponses: methodResponsesOf(response),
  });
}

/**
 * Adds a method that lets pages of every origin read a resource. The preflight method that a resource inherits from
 * `defaultCorsPreflightOptions` of the API gets its response, since it names only the origins of these options.
 */
export function addPublicPreflight(served: IResource, publicAccess: IAuthorizer): void {
  const inherited = served.node.tryFindChild('OPTIONS');
  if (!(inherited instanceof Method)) {
    addStaticMethod(served, 'OPTIONS', publicAccess, PREFLIGHT);
    return;
  }
  const resource = inherited.node.defaultChild as CfnMethod;
  resource.integration = { type: 'MOCK', ...integrationOf(PREFLIGHT) };
  resource.methodResponses = methodResponsesOf(PREFLIGHT);
}

function integrationOf({ statusCode, headers, body }: StaticResponse) {
  return {
    // Needed if the API treats every media type as binary: the template below reads text only.
    contentHandling: ContentHandling.CONVERT_TO_TEXT,
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': `{"statusCode":${statusCode}}` },
    integrationResponses: [
      {
        statusCode,
        responseParameters: parametersOf(headers, (text) => `'${text}'`),
        ...(body !== undefined && { responseTemplates: { 'application/json': body } }),
      },
    ],
  };
}

function methodResponsesOf({ statusCode, headers }: StaticResponse) {
  return [{ statusCode, responseParameters: parametersOf(headers, () => true) }];
}

function parametersOf<Value>(
  headers: Readonly<Record<string, string>>,
  toValue: (text: string) => Value,
): Record<string, Value> {
  const entries = Object.entries(headers).map(([name, text]): [string, Value] => [
    `method.response.header.${name}`,
    toValue(text),
  ]);
  return Object.fromEntries(entries);
}

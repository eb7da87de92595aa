import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type RouteAccess, shadowedRoutes } from '../scopes/shadowed-routes';

/** Adds a warning about the routes of an imported API that are declared elsewhere. */
export function warnOfImport(protection: IConstruct, api: IConstruct): void {
  Annotations.of(protection).addWarningV2(
    'phantom-token-authorizer:imported-api',
    `${api.node.path} is imported: its routes that are declared elsewhere are neither protected nor checked, and this app does not deploy the routes that are declared here to its stages.`,
  );
}

/**
 * Adds a warning that no audience is checked.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export function warnOfAudience(protection: IConstruct): void {
  Annotations.of(protection).addWarningV2(
    'phantom-token-authorizer:no-audience',
    'audience or, in a config file, token.audience is not set: a token issued for any other API of this authorization server is accepted. Set it to the name of this API at the authorization server.',
  );
}

/** Adds a warning for each route whose requirement can be circumvented by another route. */
export function warnOfWeakerRoutes(protection: IConstruct, routes: readonly RouteAccess[]): void {
  for (const { specific, broader } of shadowedRoutes(routes)) {
    Annotations.of(protection).addWarningV2(
      `phantom-token-authorizer:weaker-route:${specific}`,
      `${broader} also matches variants of ${specific} (other case, encoding, slashes or method) and has a weaker requirement. An upstream that normalizes paths can be reached with the weaker rule. Give both the same scopes, or check scopes at the upstream.`,
    );
  }
}

/** Adds a warning that pages which send preflight requests cannot read the responses of the authorizer. */
export function warnOfUnreadableResponses(protection: IConstruct): void {
  Annotations.of(protection).addWarningV2(
    'phantom-token-authorizer:no-cors-headers',
    `the API answers preflight requests, but 401, 403 and 503 of ${protection.node.path} have no Access-Control-Allow-Origin header, so pages of other origins cannot read them: set allowOrigins of the protection.`,
  );
}

/**
 * Adds a warning that challenges cannot name the metadata of each resource.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9728#section-3.3
 */
export function warnOfSeveralResources(protection: IConstruct): void {
  Annotations.of(protection).addWarningV2(
    'phantom-token-authorizer:several-resources',
    'challenges do not name the metadata of a protectedResource, since API Gateway sends the same challenge for all of them, and clients reject the metadata of another one: clients have to find it by the URL of their resource. Give each resource an API of its own if they cannot.',
  );
}

/**
 * Adds a warning that only pages of some origins can read the metadata of an HTTP API.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function warnOfUnreadableMetadata(protection: IConstruct): void {
  Annotations.of(protection).addWarningV2(
    'phantom-token-authorizer:metadata-cors',
    `pages of other origins than those of the API's CORS cannot read the metadata that ${protection.node.path} serves, since HTTP APIs with CORS ignore the CORS headers of integrations: allow the origins of all clients that run in browsers, or use a REST API.`,
  );
}

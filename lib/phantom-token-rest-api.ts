import { Duration } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  AuthorizationType,
  Cors,
  type IAuthorizer,
  RestApi,
  type RestApiProps,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { addGatewayResponses } from './gateway-responses';
import { PhantomTokenHttpIntegration, pathParameters } from './phantom-token-http-integration';
import {
  addProtectedResourceMetadata,
  metadataUrl,
  type ProtectedResource,
} from './protected-resource-metadata';
import { EVERY_ROUTE, type Route } from './route-scopes';

export interface PhantomTokenRestApiProps extends RestApiProps {
  /** Base URL of the upstream API. */
  readonly upstream: string;
  /** The authorizer of a route that is not public. Routes that require different scopes need different ones. */
  readonly authorizerFor: (route: Route) => IAuthorizer;
  /** Names the protection space in challenges. */
  readonly realm: string;
  /** Scopes that every route requires; named in challenges. */
  readonly scopes: readonly string[];
  /**
   * The API's routes; no other request reaches the upstream.
   *
   * @default EVERY_ROUTE
   */
  readonly routes?: readonly Route[];
  /**
   * Origins whose pages may call the API; preflight requests are answered without the authorizer.
   *
   * @default - no CORS
   */
  readonly allowOrigins?: readonly string[];
  /**
   * What clients can discover about the API (RFC 9728): served at `/.well-known/oauth-protected-resource`
   * and named in challenges.
   *
   * @default - nothing
   */
  readonly protectedResource?: ProtectedResource;
  /**
   * Whether the authorizer names the usage plan that a request counts against. Protected methods then
   * require an API key, whose value is what the authorizer returns as `usageIdentifierKey`.
   *
   * @default false
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
   */
  readonly usagePlansByToken?: boolean;
}

/** A REST API that proxies its routes to an upstream API, with phantom tokens. */
export class PhantomTokenRestApi extends RestApi {
  constructor(scope: Construct, id: string, props: PhantomTokenRestApiProps) {
    const { allowOrigins, protectedResource, usagePlansByToken } = props;
    super(scope, id, {
      // Access logs need it, once for each account and region; a role that is there is replaced.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
      cloudWatchRole: true,
      ...props,
      defaultCorsPreflightOptions: allowOrigins && preflight(allowOrigins),
      apiKeySourceType: usagePlansByToken ? ApiKeySourceType.AUTHORIZER : props.apiKeySourceType,
    });
    for (const route of props.routes ?? EVERY_ROUTE) this.addRoute(route, props);
    if (protectedResource) addProtectedResourceMetadata(this, protectedResource);
    addGatewayResponses(this, {
      ...props,
      resourceMetadata: protectedResource && metadataUrl(protectedResource),
    });
  }

  private addRoute(route: Route, props: PhantomTokenRestApiProps): void {
    const { upstream, authorizerFor, usagePlansByToken = false } = props;
    const parameters = pathParameters(route.path).map((name) => [
      `method.request.path.${name}`,
      true,
    ]);
    this.root
      .resourceForPath(route.path)
      .addMethod(route.method, new PhantomTokenHttpIntegration({ upstream, ...route }), {
        requestParameters: Object.fromEntries(parameters),
        ...(route.public
          ? { authorizationType: AuthorizationType.NONE }
          : { authorizer: authorizerFor(route), apiKeyRequired: usagePlansByToken }),
      });
  }
}

function preflight(allowOrigins: readonly string[]) {
  return {
    allowOrigins: [...allowOrigins],
    allowMethods: Cors.ALL_METHODS,
    // A wildcard covers every header but this one: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
    allowHeaders: ['*', 'Authorization'],
    maxAge: Duration.hours(1),
  };
}

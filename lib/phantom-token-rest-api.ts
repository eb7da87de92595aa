import { Duration } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  AuthorizationType,
  type CfnMethod,
  Cors,
  EndpointType,
  type IAuthorizer,
  RestApi,
  type RestApiProps,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { AuthorizerFunction } from './authorizer-function';
import { addGatewayResponses } from './gateway-responses';
import { PhantomTokenAuthorizer } from './phantom-token-authorizer';
import { PhantomTokenRestIntegration } from './phantom-token-rest-integration';
import {
  addProtectedResourceMetadata,
  metadataUrl,
  type ProtectedResource,
} from './protected-resource-metadata';
import { pathParameters } from './route-path';
import { EVERY_ROUTE, type Route, scopeRules, scopesOfEveryRoute } from './route-scopes';
import { shareAuthorizers } from './shared-authorizers';

/** The routes of a REST API, what they require, and where they lead. */
export interface PhantomTokenRestApiProps extends RestApiProps {
  /** Base URL of the upstream API. */
  readonly upstream: string;
  /** The function that authorizes requests; it gets to know what the routes require. */
  readonly authorizerFunction: AuthorizerFunction;
  /**
   * How long API Gateway may replay a result, 0 to 3600 s; 0 turns its cache off.
   *
   * @default Duration.seconds(60)
   */
  readonly resultTtl?: Duration;
  /** Names the protection space in challenges. */
  readonly realm: string;
  /** Scopes that every route requires. */
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
    const { allowOrigins, protectedResource, usagePlansByToken, routes = EVERY_ROUTE } = props;
    super(scope, id, {
      // Access logs need it, once for each account and region; a role that is there is replaced.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
      cloudWatchRole: true,
      endpointTypes: [EndpointType.REGIONAL],
      // Bodies of every media type pass as they are, instead of as text.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
      binaryMediaTypes: ['*/*'],
      ...props,
      defaultCorsPreflightOptions: allowOrigins && preflight(allowOrigins),
      apiKeySourceType: usagePlansByToken ? ApiKeySourceType.AUTHORIZER : props.apiKeySourceType,
    });
    const { authorizerFunction, resultTtl } = props;
    authorizerFunction.enforce(scopeRules(props.scopes, routes));
    const authorizerFor = shareAuthorizers(
      routes,
      (name, options) =>
        new PhantomTokenAuthorizer(this, name, {
          handler: authorizerFunction.function,
          resultTtl,
          ...options,
        }),
    );
    for (const route of routes) this.addRoute(route, props, authorizerFor);
    if (protectedResource) addProtectedResourceMetadata(this, protectedResource);
    answerMocksAsText(this);
    addGatewayResponses(this, {
      ...props,
      scopes: scopesOfEveryRoute(props.scopes, routes),
      resourceMetadata: protectedResource && metadataUrl(protectedResource),
    });
  }

  private addRoute(
    route: Route,
    { upstream, usagePlansByToken = false }: PhantomTokenRestApiProps,
    authorizerFor: (route: Route) => IAuthorizer,
  ): void {
    const parameters = pathParameters(route.path).map((name) => [
      `method.request.path.${name}`,
      true,
    ]);
    this.root
      .resourceForPath(route.path)
      .addMethod(route.method, new PhantomTokenRestIntegration({ upstream, ...route }), {
        requestParameters: Object.fromEntries(parameters),
        ...(route.public
          ? { authorizationType: AuthorizationType.NONE }
          : { authorizer: authorizerFor(route), apiKeyRequired: usagePlansByToken }),
      });
  }
}

/**
 * A mock reads the request by a template, which takes text only; with every media type binary, preflight
 * requests would fail. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
function answerMocksAsText(api: RestApi): void {
  for (const { node } of api.methods) {
    const method = node.defaultChild as CfnMethod;
    const integration = method.integration as CfnMethod.IntegrationProperty;
    if (integration.type === 'MOCK') {
      method.addPropertyOverride('Integration.ContentHandling', 'CONVERT_TO_TEXT');
    }
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

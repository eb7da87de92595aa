import { Duration } from 'aws-cdk-lib';
import {
  AuthorizationType,
  Cors,
  type IAuthorizer,
  RestApi,
  type RestApiProps,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { addGatewayResponses } from './gateway-responses';
import { PhantomTokenHttpIntegration, pathParameters } from './phantom-token-http-integration';
import type { ProtectedRoute } from './route-scopes';

/** A route of the API: a method and a resource path of API Gateway. */
export interface Route extends ProtectedRoute {
  /** Whether the route has no authorizer. */
  readonly public: boolean;
}

/** Every method and path, protected. */
export const EVERY_ROUTE: readonly Route[] = [
  { method: 'ANY', path: '/', scopes: [], public: false },
  { method: 'ANY', path: '/{proxy+}', scopes: [], public: false },
];

export interface PhantomTokenRestApiProps extends RestApiProps {
  /** Base URL of the upstream API. */
  readonly upstream: string;
  /** The authorizer of all routes that are not public. */
  readonly authorizer: IAuthorizer;
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
}

/** A REST API that proxies its routes to an upstream API, with phantom tokens. */
export class PhantomTokenRestApi extends RestApi {
  constructor(scope: Construct, id: string, props: PhantomTokenRestApiProps) {
    const { allowOrigins } = props;
    super(scope, id, {
      // Access logs need it, once for each account and region; a role that is there is replaced.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
      cloudWatchRole: true,
      ...props,
      defaultCorsPreflightOptions: allowOrigins && preflight(allowOrigins),
    });
    for (const route of props.routes ?? EVERY_ROUTE) this.addRoute(route, props);
    addGatewayResponses(this, props);
  }

  private addRoute(route: Route, { upstream, authorizer }: PhantomTokenRestApiProps): void {
    const parameters = pathParameters(route.path).map((name) => [
      `method.request.path.${name}`,
      true,
    ]);
    this.root
      .resourceForPath(route.path)
      .addMethod(route.method, new PhantomTokenHttpIntegration({ upstream, ...route }), {
        requestParameters: Object.fromEntries(parameters),
        ...(route.public ? { authorizationType: AuthorizationType.NONE } : { authorizer }),
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

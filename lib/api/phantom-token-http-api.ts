import { Duration } from 'aws-cdk-lib';
import {
  CorsHttpMethod,
  HttpApi,
  type HttpApiProps,
  HttpMethod,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { HttpApiProtection, type HttpApiProtectionProps } from '../protection/http-api-protection';
import { upstreamUrl } from '../scopes/route-path';
import { EVERY_ROUTE, type Route } from '../scopes/route-scopes';
import { assertUrl } from '../validation/prop-checks';

/** Props of {@link PhantomTokenHttpApi}, in addition to CDK's own. */
export interface PhantomTokenHttpApiProps
  extends HttpApiProps,
    Omit<HttpApiProtectionProps, 'api'> {
  /** Base URL of the upstream API: `https:`, without query or fragment. */
  readonly upstream: string;
  /**
   * Routes of the API. Other requests do not reach the upstream.
   *
   * @default EVERY_ROUTE
   */
  readonly routes?: readonly Route[];
  /**
   * Origins whose pages can call the API. Preflight requests are handled without the authorizer.
   *
   * @default - no CORS
   */
  readonly allowOrigins?: readonly string[];
}

/** Methods other than OPTIONS, which is for preflight requests. */
const METHODS_WITHOUT_OPTIONS = [
  HttpMethod.GET,
  HttpMethod.HEAD,
  HttpMethod.POST,
  HttpMethod.PUT,
  HttpMethod.PATCH,
  HttpMethod.DELETE,
];

/** HTTP API that proxies its routes to an upstream API, with phantom tokens. */
export class PhantomTokenHttpApi extends HttpApi {
  /** Protection of the API, including routes that are added later. */
  readonly protection: HttpApiProtection;

  /** @throws PropError if a prop cannot be deployed. */
  constructor(scope: Construct, id: string, props: PhantomTokenHttpApiProps) {
    const { allowOrigins, upstream } = props;
    assertUrl('upstream', upstream);
    const routes = expandAny(props.routes ?? EVERY_ROUTE, allowOrigins !== undefined);
    super(scope, id, { ...props, corsPreflight: allowOrigins && preflight(allowOrigins) });
    this.protection = new HttpApiProtection(this, 'Protection', { ...props, api: this });
    const integrationFor = integrationFactory(upstream, this.protection);
    for (const route of routes) {
      this.addRoutes({
        path: route.path,
        methods: [route.method as HttpMethod],
        integration: integrationFor(route),
        authorizer: route.public
          ? this.protection.publicAccess()
          : this.protection.authorizer(route),
      });
    }
  }
}

/** Creates a factory of integrations, which the methods of a path share. */
function integrationFactory(upstream: string, protection: HttpApiProtection) {
  const integrations = new Map<string, HttpUrlIntegration>();
  return function integrationFor({ path, public: isPublic = false }: Route): HttpUrlIntegration {
    const id = `${isPublic ? 'Public' : 'Protected'}${path}`;
    const integration =
      integrations.get(id) ??
      new HttpUrlIntegration(id, upstreamUrl(upstream, path), {
        method: HttpMethod.ANY,
        parameterMapping: isPublic
          ? protection.publicParameterMapping()
          : protection.parameterMapping(),
      });
    integrations.set(id, integration);
    return integration;
  };
}

/**
 * Returns the routes of an HTTP API. The API itself handles preflight requests, unless a protected `ANY` route
 * takes them first, so with CORS `ANY` is expanded to the other methods.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function expandAny(routes: readonly Route[], cors: boolean): readonly Route[] {
  if (!cors) return routes;
  const named = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  return routes.flatMap((route) =>
    route.method === 'ANY'
      ? METHODS_WITHOUT_OPTIONS.filter((method) => !named.has(`${method} ${route.path}`)).map(
          (method) => ({ ...route, method }),
        )
      : [route],
  );
}

function preflight(allowOrigins: readonly string[]) {
  return {
    allowOrigins: [...allowOrigins],
    allowMethods: [CorsHttpMethod.ANY],
    // A wildcard covers all headers except this one: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
    allowHeaders: ['*', 'Authorization'],
    // API Gateway removes the upstream's own list. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    exposeHeaders: ['*'],
    maxAge: Duration.hours(1),
  };
}

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

/** What an HTTP API with an upstream API takes, beside what CDK's own does. */
export interface PhantomTokenHttpApiProps
  extends HttpApiProps,
    Omit<HttpApiProtectionProps, 'api'> {
  /** Base URL of the upstream API: `https:`, without query or fragment. */
  readonly upstream: string;
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

/** Every method but OPTIONS, which is the preflight's. */
const METHODS_BESIDE_PREFLIGHT = [
  HttpMethod.GET,
  HttpMethod.HEAD,
  HttpMethod.POST,
  HttpMethod.PUT,
  HttpMethod.PATCH,
  HttpMethod.DELETE,
];

/** An HTTP API that proxies its routes to an upstream API, with phantom tokens. */
export class PhantomTokenHttpApi extends HttpApi {
  /** Protects the API, whatever routes it gets beside these. */
  readonly protection: HttpApiProtection;

  /** @throws PropError if a prop cannot be deployed. */
  constructor(scope: Construct, id: string, props: PhantomTokenHttpApiProps) {
    const { allowOrigins, upstream } = props;
    assertUrl('upstream', upstream);
    const routes = expandAny(props.routes ?? EVERY_ROUTE, allowOrigins !== undefined);
    super(scope, id, { ...props, corsPreflight: allowOrigins && preflight(allowOrigins) });
    this.protection = new HttpApiProtection(this, 'Protection', { ...props, api: this });
    const integrationFor = shareIntegrations(upstream, this.protection);
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

/** Methods of a path share an integration, which passes each on as itself. */
function shareIntegrations(upstream: string, protection: HttpApiProtection) {
  const made = new Map<string, HttpUrlIntegration>();
  return function integrationFor({ path, public: isPublic = false }: Route): HttpUrlIntegration {
    const id = `${isPublic ? 'Public' : 'Protected'}${path}`;
    const integration =
      made.get(id) ??
      new HttpUrlIntegration(id, upstreamUrl(upstream, path), {
        method: HttpMethod.ANY,
        parameterMapping: isPublic
          ? protection.publicParameterMapping()
          : protection.parameterMapping(),
      });
    made.set(id, integration);
    return integration;
  };
}

/**
 * The routes as an HTTP API needs them. It answers preflight requests itself, but not where a protected
 * `ANY` route takes them first, so with CORS `ANY` is spelled out.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function expandAny(routes: readonly Route[], cors: boolean): readonly Route[] {
  if (!cors) return routes;
  const named = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  return routes.flatMap((route) =>
    route.method === 'ANY'
      ? METHODS_BESIDE_PREFLIGHT.filter((method) => !named.has(`${method} ${route.path}`)).map(
          (method) => ({ ...route, method }),
        )
      : [route],
  );
}

function preflight(allowOrigins: readonly string[]) {
  return {
    allowOrigins: [...allowOrigins],
    allowMethods: [CorsHttpMethod.ANY],
    // A wildcard covers every header but this one: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
    allowHeaders: ['*', 'Authorization'],
    maxAge: Duration.hours(1),
  };
}

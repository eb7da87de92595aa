import { Duration } from 'aws-cdk-lib';
import {
  CorsHttpMethod,
  HttpApi,
  type HttpApiProps,
  HttpMethod,
  MappingValue,
  ParameterMapping,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { ContextKey } from '../lambda/contract';
import type { AuthorizerFunction } from './authorizer-function';
import { PhantomTokenHttpAuthorizer } from './phantom-token-http-authorizer';
import { upstreamUrl } from './route-path';
import { EVERY_ROUTE, type Route, scopeRules } from './route-scopes';
import { shareAuthorizers } from './shared-authorizers';

/** The header that carries the phantom token unless another is chosen. */
export const PHANTOM_TOKEN_HEADER = 'x-phantom-token';

/** The routes of an HTTP API, what they require, and where they lead. */
export interface PhantomTokenHttpApiProps extends HttpApiProps {
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
  /** Scopes that every route requires. */
  readonly scopes: readonly string[];
  /**
   * The header in which the upstream gets the phantom token, the bare JWT. HTTP APIs reserve
   * `Authorization`, which goes on carrying the client's opaque token.
   *
   * @default PHANTOM_TOKEN_HEADER
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
   */
  readonly phantomTokenHeader?: string;
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
  constructor(scope: Construct, id: string, props: PhantomTokenHttpApiProps) {
    const { allowOrigins, authorizerFunction, resultTtl } = props;
    const routes = spellOutAny(props.routes ?? EVERY_ROUTE, allowOrigins !== undefined);
    super(scope, id, { ...props, corsPreflight: allowOrigins && preflight(allowOrigins) });
    authorizerFunction.enforce(scopeRules(props.scopes, routes));
    const authorizerFor = shareAuthorizers(
      routes,
      (name, options) =>
        new PhantomTokenHttpAuthorizer(name, {
          handler: authorizerFunction.function,
          resultTtl,
          ...options,
        }),
    );
    const integrationFor = shareIntegrations(props);
    for (const route of routes) {
      this.addRoutes({
        path: route.path,
        methods: [route.method as HttpMethod],
        integration: integrationFor(route),
        ...(!route.public && { authorizer: authorizerFor(route) }),
      });
    }
  }
}

/** Methods of a path share an integration, which passes each on as itself. */
function shareIntegrations({ upstream, phantomTokenHeader }: PhantomTokenHttpApiProps) {
  const header = phantomTokenHeader ?? PHANTOM_TOKEN_HEADER;
  const made = new Map<string, HttpUrlIntegration>();
  return function integrationFor({ path, public: isPublic = false }: Route): HttpUrlIntegration {
    const id = `${isPublic ? 'Public' : 'Protected'}${path}`;
    const mapping = new ParameterMapping();
    // Overwritten or removed, never appended to: what a client sends there must not look like ours.
    if (isPublic) mapping.removeHeader(header);
    else {
      mapping.overwriteHeader(header, MappingValue.contextVariable(`authorizer.${ContextKey.jwt}`));
    }
    const integration =
      made.get(id) ??
      new HttpUrlIntegration(id, upstreamUrl(upstream, path), {
        method: HttpMethod.ANY,
        parameterMapping: mapping,
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
export function spellOutAny(routes: readonly Route[], cors: boolean): readonly Route[] {
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

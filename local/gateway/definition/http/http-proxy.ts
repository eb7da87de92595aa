import type { ResolvedResource } from '../../../template/resolve';
import { UnsupportedTemplateError } from '../../../template/unsupported';
import { type ParameterMapping, readParameterMapping } from './parameter-mapping';
import type { HttpProxyProperties } from './resource-schemas';

/** An HTTP proxy integration of an HTTP API, as one route uses it. */
export interface HttpProxy {
  readonly type: 'HTTP_PROXY';
  /** Scheme, host and port of the upstream. */
  readonly origin: URL;
  /** The path of the upstream, with `{placeholders}` for the route's path variables. */
  readonly pathTemplate: string;
  /** Whether the request's own path is appended, as for the `$default` route. */
  readonly appendsPath: boolean;
  readonly mapping: ParameterMapping;
  /** `ANY` passes the client's method on. */
  readonly httpMethod: string;
  readonly timeoutMillis: number;
}

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
 *
 * @throws NotUnderstoodError naming a mapping or a URI that is not imitated
 */
export function readHttpProxy(
  resource: ResolvedResource,
  properties: HttpProxyProperties,
  routeKey: string,
): HttpProxy {
  const { IntegrationUri, IntegrationMethod, RequestParameters, TimeoutInMillis } = properties;
  const refuse = (what: string): never => {
    throw new UnsupportedTemplateError(
      `local mode does not understand ${resource.logicalId}: ${what}`,
    );
  };
  const [, origin, pathTemplate = '/'] =
    /^(https?:\/\/[^/?#{}]+)(\/[^?#]*)?$/.exec(IntegrationUri) ?? [];
  if (!origin) return refuse(`IntegrationUri ${IntegrationUri}`);
  const unfilled = [...pathTemplate.matchAll(/\{([^}]*)\}/g)].find(
    ([, name]) => !routeKey.includes(`{${name}}`) && !routeKey.includes(`{${name}+}`),
  );
  if (unfilled) return refuse(`${unfilled[0]} of IntegrationUri is no variable of ${routeKey}`);
  return {
    type: 'HTTP_PROXY',
    origin: new URL(origin),
    pathTemplate,
    // "When the $default route receives a request, API Gateway sends the full request path to the
    // integration."
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
    appendsPath: routeKey === '$default',
    mapping: readParameterMapping(RequestParameters),
    httpMethod: IntegrationMethod,
    timeoutMillis: TimeoutInMillis,
  };
}

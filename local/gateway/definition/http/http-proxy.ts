import type { ResolvedResource } from '../../../template/resolve';
import { UnsupportedTemplateError } from '../../../template/unsupported';
import { notSupported } from '../not-supported';
import { type ParameterMapping, readParameterMapping } from './parameter-mapping';
import type { HttpProxyProperties } from './resource-schemas';

/** HTTP proxy integration of an HTTP API, as one route uses it. */
export interface HttpProxy {
  readonly type: 'HTTP_PROXY';
  /** Scheme, host and port of the upstream. */
  readonly origin: URL;
  /** Path of the upstream, with `{placeholders}` for the route's path variables. */
  readonly pathTemplate: string;
  /** True if the request's path is appended, as on the `$default` route. */
  readonly appendsPath: boolean;
  readonly mapping: ParameterMapping;
  /** Method of the request to the upstream; `ANY` keeps the client's. */
  readonly httpMethod: string;
  readonly timeoutMs: number;
}

/**
 * Reads an HTTP proxy integration of an HTTP API.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
 * @throws UnsupportedTemplateError naming a mapping or a URI that is not supported
 */
export function readHttpProxy(
  { logicalId }: ResolvedResource,
  { IntegrationUri, IntegrationMethod, RequestParameters, TimeoutInMillis }: HttpProxyProperties,
  routeKey: string,
): HttpProxy {
  const [, origin, pathTemplate = '/'] =
    /^(https?:\/\/[^/?#{}]+)(\/[^?#]*)?$/.exec(IntegrationUri) ?? [];
  if (!origin) throw notSupported(`${logicalId}: IntegrationUri ${IntegrationUri}`);
  const unfilled = [...pathTemplate.matchAll(/\{([^}]*)\}/g)].find(
    ([, name]) => !routeKey.includes(`{${name}}`) && !routeKey.includes(`{${name}+}`),
  );
  if (unfilled) {
    throw new UnsupportedTemplateError(
      `${logicalId}: ${unfilled[0]} of IntegrationUri is not a variable of ${routeKey}`,
    );
  }
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
    timeoutMs: TimeoutInMillis,
  };
}

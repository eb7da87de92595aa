import type { ResolvedResource } from '../../../template/resolve';
import { UnsupportedTemplateError } from '../../../template/unsupported';
import type { ValueSource } from '../../request/value-source';
import { notSupported } from '../not-supported';
import { parseMappingExpression } from './mapping-expression';
import type { HttpProxyProperties } from './resource-schemas';

/** HTTP proxy integration of a REST API. */
export interface HttpProxy {
  readonly type: 'HTTP_PROXY';
  /** Scheme, host and port of the upstream. */
  readonly origin: URL;
  /** Path of the upstream, with `{placeholders}`. */
  readonly pathTemplate: string;
  readonly pathMappings: ReadonlyMap<string, ValueSource>;
  readonly headerMappings: readonly (readonly [name: string, source: ValueSource])[];
  /** Method of the request to the upstream; `ANY` keeps the client's. */
  readonly httpMethod: string;
  readonly timeoutMs: number;
  /** True if the response is sent while it arrives. */
  readonly streams: boolean;
}

/** Headers that frame the message to the upstream. AWS responds with 500 to each request that maps one. */
const FRAMING_HEADERS = ['content-length', 'transfer-encoding'];

/**
 * Reads an HTTP proxy integration of a REST API and its parameter mappings.
 *
 * @param declared the method's `RequestParameters`; other parameters cannot be mapped
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html
 * @throws UnsupportedTemplateError naming a mapping or a URI that is not supported, or that API Gateway
 * rejects
 */
export function readHttpProxy(
  { logicalId }: ResolvedResource,
  properties: HttpProxyProperties,
  declared: readonly string[],
): HttpProxy {
  const [, origin, pathTemplate = '/'] =
    /^(https?:\/\/[^/?#{}]+)(\/[^?#]*)?$/.exec(properties.Uri) ?? [];
  if (!origin) throw notSupported(`${logicalId}: Uri ${properties.Uri}`);

  const pathMappings = new Map<string, ValueSource>();
  const headerMappings: (readonly [string, ValueSource])[] = [];
  for (const [target, expression] of Object.entries(properties.RequestParameters)) {
    const [, location, name] = /^integration\.request\.(path|header)\.(.+)$/.exec(target) ?? [];
    if (!location || !name || FRAMING_HEADERS.includes(name.toLowerCase())) {
      throw notSupported(`${logicalId}: the mapping target ${target}`);
    }
    // API Gateway rejects the deployment: "Invalid mapping expression parameter specified".
    if (expression.startsWith('method.request.') && !declared.includes(expression)) {
      throw new UnsupportedTemplateError(
        `${logicalId}: ${expression} is not among the RequestParameters of the method`,
      );
    }
    const source = parseMappingExpression(expression);
    if (location === 'path') pathMappings.set(name, source);
    else headerMappings.push([name, source]);
  }
  const placeholders = [...pathTemplate.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
  const unmapped = placeholders.find((name) => !pathMappings.has(name ?? ''));
  if (unmapped !== undefined) {
    throw new UnsupportedTemplateError(`${logicalId}: {${unmapped}} of Uri is not mapped`);
  }
  const unused = [...pathMappings.keys()].find((name) => !placeholders.includes(name));
  if (unused !== undefined) {
    throw new UnsupportedTemplateError(
      `${logicalId}: integration.request.path.${unused} is not part of Uri`,
    );
  }
  return {
    type: 'HTTP_PROXY',
    origin: new URL(origin),
    pathTemplate,
    pathMappings,
    headerMappings,
    httpMethod: properties.IntegrationHttpMethod,
    timeoutMs: properties.TimeoutInMillis,
    streams: properties.ResponseTransferMode === 'STREAM',
  };
}

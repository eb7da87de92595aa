import type { ResolvedResource } from '../../../template/resolve';
import { UnsupportedTemplateError } from '../../../template/unsupported';
import type { ValueSource } from '../../request/value-source';
import { parseMappingExpression } from './mapping-expression';
import type { HttpProxyProperties } from './resource-schemas';

/** An HTTP proxy integration. */
export interface HttpProxy {
  readonly type: 'HTTP_PROXY';
  /** Scheme, host and port of the upstream. */
  readonly origin: URL;
  /** The path of the upstream, with `{placeholders}`. */
  readonly pathTemplate: string;
  readonly pathMappings: ReadonlyMap<string, ValueSource>;
  readonly headerMappings: readonly (readonly [name: string, source: ValueSource])[];
  /** `ANY` passes the client's method on. */
  readonly httpMethod: string;
  readonly timeoutMillis: number;
}

/** A mapping to these would break the framing of the message to the upstream. */
const unmappable = ['connection', 'content-length', 'transfer-encoding'];

/**
 * Reads an HTTP proxy integration and its parameter mappings.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html
 *
 * @param declared the method's `RequestParameters`: only these may be mapped
 * @throws NotUnderstoodError naming a mapping or a URI that is not imitated, or that API Gateway
 * itself would refuse
 */
export function readHttpProxy(
  resource: ResolvedResource,
  properties: HttpProxyProperties,
  declared: readonly string[],
): HttpProxy {
  const refuse = (what: string): never => {
    throw new UnsupportedTemplateError(
      `local mode does not understand ${resource.logicalId}: ${what}`,
    );
  };
  const [, origin, pathTemplate] = /^(https?:\/\/[^/?#{}]+)(\/[^?#]*)?$/.exec(properties.Uri) ?? [];
  if (!origin) return refuse(`Uri ${properties.Uri}`);

  const pathMappings = new Map<string, ValueSource>();
  const headerMappings: (readonly [string, ValueSource])[] = [];
  for (const [target, expression] of Object.entries(properties.RequestParameters)) {
    const [, location, name] = /^integration\.request\.(path|header)\.(.+)$/.exec(target) ?? [];
    if (!location || !name) return refuse(`the mapping target ${target}`);
    // API Gateway refuses the deployment: "Invalid mapping expression parameter specified".
    if (expression.startsWith('method.request.') && !declared.includes(expression)) {
      return refuse(`${expression} is not among the RequestParameters of the method`);
    }
    if (unmappable.includes(name.toLowerCase())) return refuse(`the mapping target ${target}`);
    const source = parseMappingExpression(expression);
    if (location === 'path') pathMappings.set(name, source);
    else headerMappings.push([name, source]);
  }
  const placeholders = [...(pathTemplate ?? '').matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
  const unmapped = placeholders.find((name) => !pathMappings.has(name ?? ''));
  if (unmapped !== undefined) return refuse(`{${unmapped}} of Uri is not mapped`);
  const unused = [...pathMappings.keys()].find((name) => !placeholders.includes(name));
  if (unused !== undefined) return refuse(`integration.request.path.${unused} is not part of Uri`);
  return {
    type: 'HTTP_PROXY',
    origin: new URL(origin),
    pathTemplate: pathTemplate ?? '/',
    pathMappings,
    headerMappings,
    httpMethod: properties.IntegrationHttpMethod,
    timeoutMillis: properties.TimeoutInMillis,
  };
}

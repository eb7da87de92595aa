import { UnsupportedTemplateError } from '../../../template/unsupported';
import type { ValueSource } from '../../request/value-source';
import { notSupported } from '../not-supported';
import { parseSelectionExpression } from './selection-expression';

/**
 * Request parameter mapping: changes of a request before it is sent to an integration.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export interface ParameterMapping {
  /** New path; absent unless the path is overwritten. */
  readonly path?: MappedValue;
  readonly headers: readonly ParameterChange[];
  readonly querystring: readonly ParameterChange[];
}

/** Value sources to concatenate. */
export type MappedValue = readonly ValueSource[];

/** Change of one header or query string parameter. */
export interface ParameterChange {
  readonly action: 'append' | 'overwrite' | 'remove';
  readonly name: string;
  /** New value; empty for `remove`. */
  readonly value: MappedValue;
}

/** "The following headers are reserved. You can't configure request or response mappings for these." */
const RESERVED_HEADERS =
  /^(?:access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade|x-amz-.*|x-amzn-.*|x-forwarded-for|x-forwarded-host|x-forwarded-proto|via)$/i;

/**
 * Reads a request parameter mapping.
 *
 * @param parameters the integration's `RequestParameters`
 * @throws UnsupportedTemplateError naming a key or a value that is not supported, or that API Gateway
 * rejects
 */
export function readParameterMapping(
  parameters: Readonly<Record<string, string>>,
): ParameterMapping {
  const changes = Object.entries(parameters).map(([key, expression]) => {
    const [, action, location, name = ''] =
      /^(append|overwrite|remove):(header|querystring|path)(?:\.(.+))?$/.exec(key) ?? [];
    if (
      !action ||
      (location === 'path') !== (key === 'overwrite:path') ||
      (location !== 'path' && !name)
    ) {
      throw notSupported(`the parameter mapping ${key}`);
    }
    if (location === 'header' && RESERVED_HEADERS.test(name)) {
      throw new UnsupportedTemplateError(`${key} maps a header that API Gateway reserves`);
    }
    const value = action === 'remove' ? [] : parseValue(key, expression);
    return { location, action: action as ParameterChange['action'], name, value };
  });
  const path = changes.find(({ location }) => location === 'path')?.value;
  return {
    ...(path && { path }),
    headers: changes.filter(({ location }) => location === 'header'),
    querystring: changes.filter(({ location }) => location === 'querystring'),
  };
}

/** Reads `$request.path`, `${context.a}${context.b}` or static text. AWS documents no mix with text. */
function parseValue(key: string, expression: string): MappedValue {
  if (!expression.includes('$')) return [{ from: 'literal', value: expression }];
  if (/^\$[a-z]/.test(expression)) return [parseSelectionExpression(expression.slice(1))];
  if (/^(?:\$\{[^{}]+\})+$/.test(expression)) {
    return [...expression.matchAll(/\$\{([^{}]+)\}/g)].map(([, reference = '']) =>
      parseSelectionExpression(reference),
    );
  }
  throw notSupported(`the value ${expression} of ${key}`);
}

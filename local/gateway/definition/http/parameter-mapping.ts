import { UnsupportedTemplateError } from '../../../template/unsupported';
import { type HeaderField, withoutHeaders } from '../../request/message';
import type { InvocationContext } from '../../request/invocation-context';
import { sourceValue, type ValueSource } from '../../request/value-source';
import { parseSelectionExpression } from './selection-expression';

/**
 * Request parameters: how a request is changed on its way to an integration.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export interface ParameterMapping {
  /** Absent unless the path is overwritten. */
  readonly path?: MappedValue;
  readonly headers: readonly Change[];
  readonly querystring: readonly Change[];
}

/** The values of the sources, one after the other. */
export type MappedValue = readonly ValueSource[];

interface Change {
  readonly action: 'append' | 'overwrite' | 'remove';
  readonly name: string;
  readonly value: MappedValue;
}

/** "The following headers are reserved. You can't configure request or response mappings for these." */
const reserved =
  /^(?:access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade|x-amz-.*|x-amzn-.*|x-forwarded-for|x-forwarded-host|x-forwarded-proto|via)$/i;

/**
 * @param parameters the integration's `RequestParameters`
 * @throws NotUnderstoodError naming a key or a value that is not imitated, or that API Gateway
 * itself refuses
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
      throw new UnsupportedTemplateError(
        `local mode does not understand the parameter mapping ${key}`,
      );
    }
    if (location === 'header' && reserved.test(name)) {
      throw new UnsupportedTemplateError(`${key} maps a header that API Gateway reserves`);
    }
    const value = action === 'remove' ? [] : parseValue(key, expression);
    return { location, action: action as Change['action'], name, value };
  });
  const path = changes.find(({ location }) => location === 'path')?.value;
  return {
    ...(path && { path }),
    headers: changes.filter(({ location }) => location === 'header'),
    querystring: changes.filter(({ location }) => location === 'querystring'),
  };
}

/** `$request.path`, `${context.a}${context.b}` or static text; AWS shows no mixture with text. */
function parseValue(key: string, expression: string): MappedValue {
  if (!expression.includes('$')) return [{ from: 'literal', value: expression }];
  if (/^\$[a-z]/.test(expression)) return [parseSelectionExpression(expression.slice(1))];
  if (/^(?:\$\{[^{}]+\})+$/.test(expression)) {
    return [...expression.matchAll(/\$\{([^{}]+)\}/g)].map(([, reference = '']) =>
      parseSelectionExpression(reference),
    );
  }
  throw new UnsupportedTemplateError(
    `local mode does not understand the value ${expression} of ${key}`,
  );
}

/** The text of a mapped value; `undefined` when one of its sources has none. */
export function mappedText(value: MappedValue, exchange: InvocationContext): string | undefined {
  const texts = value.map((source) => sourceValue(source, exchange));
  return texts.includes(undefined) ? undefined : texts.join('');
}

/**
 * The headers after the mapping. An overwritten header replaces every field of that name, whatever
 * its case, and is not sent at all when its source has no value: what AWS does then is not
 * documented, and the client's own value must never stand where the upstream expects the gateway's.
 */
export function mapHeaders(
  fields: readonly HeaderField[],
  changes: readonly Change[],
  exchange: InvocationContext,
): readonly HeaderField[] {
  return changes.reduce((mapped, { action, name, value }) => {
    const kept = action === 'append' ? mapped : withoutHeaders(mapped, [name]);
    const text = action === 'remove' ? undefined : mappedText(value, exchange);
    return text === undefined ? kept : [...kept, [name, text] as const];
  }, fields);
}

/** The query string after the mapping; what is not mapped stays encoded as the client sent it. */
export function mapQuery(
  query: string,
  changes: readonly Change[],
  exchange: InvocationContext,
): string {
  const named = (pair: string) => new URLSearchParams(pair).keys().next().value;
  return changes
    .reduce(
      (pairs, { action, name, value }) => {
        const kept = action === 'append' ? pairs : pairs.filter((pair) => named(pair) !== name);
        const text = action === 'remove' ? undefined : mappedText(value, exchange);
        return text === undefined ? kept : [...kept, `${new URLSearchParams([[name, text]])}`];
      },
      query === '' ? [] : query.split('&'),
    )
    .join('&');
}

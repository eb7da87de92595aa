import type { ValueSource } from '../../request/value-source';
import { notSupported } from '../not-supported';

/** Value source that an expression of a REST API can name. */
export type RestValueSource = Exclude<ValueSource, { readonly from: 'requestPath' }>;

/**
 * Reads a mapping expression of a REST API.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
 * @throws UnsupportedTemplateError naming an expression of another form
 */
export function parseMappingExpression(expression: string): RestValueSource {
  const literal = /^'([^']*)'$/.exec(expression)?.[1];
  if (literal !== undefined) return { from: 'literal', value: literal };
  const [, from, name] =
    /^(?:method\.request\.(header|querystring|path)|(?=(?:context|stageVariables)\.)(\w+))\.(.+)$/
      .exec(expression)
      ?.filter((group) => group !== undefined) ?? [];
  if (!from || !name) throw notSupported(`the mapping source ${expression}`);
  return { from: from as Exclude<RestValueSource['from'], 'literal'>, name };
}

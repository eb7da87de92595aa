import { NotUnderstoodError } from '../template/understand';
import { contextVariable, type RequestContext } from './context';
import { type GatewayRequest, headerValues } from './message';

/** Where a mapping, an identity source or a gateway response header takes its value from. */
export type ValueSource =
  | { readonly from: 'literal'; readonly value: string }
  | {
      readonly from: 'header' | 'querystring' | 'path' | 'context' | 'stageVariables';
      readonly name: string;
    };

/** All that a value source may refer to. */
export interface Exchange {
  readonly request: GatewayRequest;
  /** As in the request path, still percent-encoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly context: RequestContext;
}

/**
 * Reads a mapping expression.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
 *
 * @throws NotUnderstoodError naming an expression of another form
 */
export function parseValueSource(expression: string): ValueSource {
  const literal = /^'([^']*)'$/.exec(expression)?.[1];
  if (literal !== undefined) return { from: 'literal', value: literal };
  const [, from, name] =
    /^(?:method\.request\.(header|querystring|path)|(?=(?:context|stageVariables)\.)(\w+))\.(.+)$/
      .exec(expression)
      ?.filter((group) => group !== undefined) ?? [];
  if (!from || !name) {
    throw new NotUnderstoodError(`local mode does not understand the mapping source ${expression}`);
  }
  return { from: from as Exclude<ValueSource['from'], 'literal'>, name };
}

/**
 * The value of a source in one request; `undefined` when the request has none.
 *
 * API Gateway documents header names as case-sensitive, but HTTP/2 clients send lower case whatever
 * the template says, so names are compared without regard to case. Several fields of one name are
 * joined with commas, so that none is ignored by a cache key.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function sourceValue(source: ValueSource, exchange: Exchange): string | undefined {
  switch (source.from) {
    case 'literal':
      return source.value;
    case 'header': {
      const values = headerValues(exchange.request.headers, source.name);
      return values.length > 0 ? values.join(',') : undefined;
    }
    case 'querystring': {
      const values = new URLSearchParams(exchange.request.query).getAll(source.name);
      return values.length > 0 ? values.join(',') : undefined;
    }
    case 'path':
      return own(exchange.pathParameters, source.name);
    case 'context':
      return contextVariable(exchange.context, source.name);
    case 'stageVariables':
      return own(exchange.stageVariables, source.name);
  }
}

function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

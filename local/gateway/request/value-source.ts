import { headerValues } from './message';
import { contextVariable } from './context-variables';
import type { InvocationContext } from './invocation-context';

/** Where a mapping, an identity source or a gateway response header takes its value from. */
export type ValueSource =
  | { readonly from: 'literal'; readonly value: string }
  | { readonly from: 'requestPath' }
  | {
      readonly from: 'header' | 'querystring' | 'path' | 'context' | 'stageVariables';
      readonly name: string;
    };

/**
 * The value of a source in one request; `undefined` when the request has none.
 *
 * REST APIs are documented to compare header names by case, but HTTP/2 clients send lower case
 * whatever the template says, so names are compared without regard to case, as HTTP APIs do. Several
 * fields of one name are joined with commas, so that none is ignored by a cache key.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export function sourceValue(source: ValueSource, exchange: InvocationContext): string | undefined {
  switch (source.from) {
    case 'literal':
      return source.value;
    case 'requestPath':
      return exchange.request.path;
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

import { contextVariable } from './context-variables';
import type { InvocationContext } from './invocation-context';
import { headerValues } from './message';

/** Source of the value of a mapping, an identity source or a gateway response header. */
export type ValueSource =
  | { readonly from: 'literal'; readonly value: string }
  | { readonly from: 'requestPath' }
  | {
      readonly from: 'header' | 'querystring' | 'path' | 'context' | 'stageVariables';
      readonly name: string;
    };

/**
 * Returns the value of a source in one request, or `undefined` if the request has none.
 *
 * Header names are compared without regard to case, as HTTP APIs do. REST APIs are documented to
 * compare them by case, but HTTP/2 clients always send lower case. Several fields of one name are joined
 * with commas, so that a cache key ignores none of them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export function sourceValue(source: ValueSource, context: InvocationContext): string | undefined {
  switch (source.from) {
    case 'literal':
      return source.value;
    case 'requestPath':
      return context.request.path;
    case 'header':
      return joined(headerValues(context.request.headers, source.name));
    case 'querystring':
      return joined(new URLSearchParams(context.request.query).getAll(source.name));
    case 'path':
      return ownValue(context.pathParameters, source.name);
    case 'context':
      return contextVariable(context.contextVariables, source.name);
    case 'stageVariables':
      return ownValue(context.stageVariables, source.name);
  }
}

function joined(values: readonly string[]): string | undefined {
  return values.length > 0 ? values.join(',') : undefined;
}

function ownValue(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

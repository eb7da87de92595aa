import {
  type GatewayResponses,
  type ResponseType,
  responseTypes,
} from '../../definition/rest/gateway-response';
import { type GatewayResponse, withoutHeaders } from '../../request/message';
import { substituteContext } from '../../request/context-variables';
import type { InvocationContext } from '../../request/invocation-context';
import { sourceValue } from '../../request/value-source';

/** Why the gateway answers by itself. */
export interface Failure {
  readonly responseType: ResponseType;
  /** The text of `$context.error.message`; by default the type's own. */
  readonly message?: string;
  /** For the log: why this is not the client's fault. */
  readonly fault?: string;
}

const defaultTemplate = ['application/json', '{"message":$context.error.messageString}'] as const;

/**
 * The gateway response for a failure, and the `$context.error` that it was made from. A type that
 * the template does not customize falls back to `DEFAULT_4XX` or `DEFAULT_5XX`, and takes its status code from there unless it has one of its own.
 * AWS names that fallback for every type but UNAUTHORIZED; CORS headers on DEFAULT_4XX are known to
 * reach 401 responses, so it is no exception here.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function gatewayResponse(
  responses: GatewayResponses,
  failure: Failure,
  exchange: InvocationContext,
): { readonly answer: GatewayResponse; readonly error: Readonly<Record<string, string>> } {
  const standard = responseTypes[failure.responseType];
  const fallback = responses.get(standard.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const custom = responses.get(failure.responseType) ?? fallback;
  const message = failure.message ?? standard.message;
  const error = {
    message: message ?? 'null',
    messageString: JSON.stringify(message),
    responseType: failure.responseType,
  };
  const context = { ...exchange.context, error };
  const [contentType, template] = custom?.template ?? builtIn(failure.responseType);
  const headers = (custom?.headers ?? []).flatMap(([name, source]) => {
    const value = sourceValue(source, { ...exchange, context });
    return value === undefined ? [] : [[name, value] as const];
  });
  const answer = {
    status: custom?.status ?? fallback?.status ?? standard.status,
    headers: [
      ...withoutHeaders(
        [
          ['Content-Type', contentType],
          ['x-amzn-ErrorType', standard.errorType],
        ],
        headers.map(([name]) => name),
      ),
      ...headers,
    ],
    body: Buffer.from(substituteContext(template, context, '')),
  };
  return { answer, error };
}

/** Denials are known to spell the member with a capital letter. */
function builtIn(type: ResponseType): readonly [contentType: string, body: string] {
  return type === 'ACCESS_DENIED'
    ? ['application/json', '{"Message":$context.error.messageString}']
    : defaultTemplate;
}

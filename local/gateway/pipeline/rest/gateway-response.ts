import {
  RESPONSE_TYPES,
  type ResponseType,
  type RestApiFailure,
} from '../../definition/rest/response-types';
import { substituteContextVariables } from '../../request/context-variables';
import { type HttpResponse, withoutHeaders } from '../../request/message';
import { sourceValue } from '../../request/value-source';
import { withContextVariables } from '../invocation';
import { type Ended, endWith } from '../pipeline';
import type { RestInvocation } from './invocation';

const DEFAULT_TEMPLATE = ['application/json', '{"message":$context.error.messageString}'] as const;

/** Ends the path of a request with the gateway response for a failure. */
export function endWithGatewayResponse(invocation: RestInvocation, failure: RestApiFailure): Ended {
  const { responseType, fault } = failure;
  const message = failure.message ?? RESPONSE_TYPES[responseType].message;
  const failed = withContextVariables(invocation, {
    error: {
      message: message ?? 'null',
      messageString: JSON.stringify(message),
      responseType,
    },
  });
  return endWith(failed, gatewayResponse(failed, responseType), {
    gatewayResponse: responseType,
    ...(fault && { fault }),
  });
}

/**
 * Returns the gateway response of a type. A type that the template does not customize falls back to
 * `DEFAULT_4XX` or `DEFAULT_5XX`, as a whole. AWS documents the fallback for every type except
 * UNAUTHORIZED; CORS headers of DEFAULT_4XX are known to reach 401 responses, so UNAUTHORIZED falls back
 * as well. A customized type without a status code keeps its own default status: GetGatewayResponses
 * returns it so on AWS.
 *
 * @see https://github.com/localstack/localstack/blob/main/tests/aws/services/apigateway/test_apigateway_api.snapshot.json test_gateway_response_put
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
function gatewayResponse(invocation: RestInvocation, responseType: ResponseType): HttpResponse {
  const { gatewayResponses } = invocation.api;
  const standard = RESPONSE_TYPES[responseType];
  const fallback = gatewayResponses.get(standard.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const custom = gatewayResponses.get(responseType) ?? fallback;
  const [contentType, template] = custom?.template ?? defaultTemplate(responseType);
  const headers = (custom?.headers ?? []).flatMap(([name, source]) => {
    const value = sourceValue(source, invocation);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    status: custom?.status ?? standard.status,
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
    body: Buffer.from(substituteContextVariables(template, invocation.contextVariables, '')),
  };
}

/** Returns the default template. That of denials is known to spell `Message` with a capital letter. */
function defaultTemplate(type: ResponseType): readonly [contentType: string, body: string] {
  return type === 'ACCESS_DENIED'
    ? ['application/json', '{"Message":$context.error.messageString}']
    : DEFAULT_TEMPLATE;
}

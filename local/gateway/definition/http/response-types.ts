import type { Failure } from '../../request/failure';

/**
 * Error responses of HTTP APIs. HTTP APIs have no gateway responses, so these cannot be customized. The
 * types are those of `$context.error.responseType`, which has the names of REST APIs.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
 */
export const RESPONSE_TYPES = {
  ACCESS_DENIED: [403, 'Forbidden'],
  API_CONFIGURATION_ERROR: [500, 'Internal Server Error'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'Internal Server Error'],
  // Sent for a path that cannot be decoded. AWS documents neither the type nor the message.
  BAD_REQUEST: [400, 'Bad Request'],
  // Sent when a function behind a Lambda integration fails or its response is malformed.
  DEFAULT_5XX: [500, 'Internal Server Error'],
  // AWS documents neither of the two; users report this status for timeouts:
  // https://github.com/serverless/serverless/issues/11222
  INTEGRATION_FAILURE: [503, 'Service Unavailable'],
  INTEGRATION_TIMEOUT: [503, 'Service Unavailable'],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
  RESOURCE_NOT_FOUND: [404, 'Not Found'],
  UNAUTHORIZED: [401, 'Unauthorized'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

/** Type of error response that an HTTP API sends. */
export type ResponseType = keyof typeof RESPONSE_TYPES;

/** Reason for an error response of an HTTP API. */
export type HttpApiFailure = Failure<ResponseType>;

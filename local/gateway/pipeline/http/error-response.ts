import type { GatewayResponse } from '../../request/message';

/**
 * How an HTTP API answers by itself. HTTP APIs have no gateway responses, so nothing of it can be
 * customized; the types are those that `$context.error.responseType` borrows from REST APIs.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
 */
const errors = {
  ACCESS_DENIED: [403, 'Forbidden'],
  API_CONFIGURATION_ERROR: [500, 'Internal Server Error'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'Internal Server Error'],
  // A function behind a Lambda integration failed or answered what is no response.
  DEFAULT_5XX: [500, 'Internal Server Error'],
  // AWS documents neither of the two; the status is what users see when a timeout strikes:
  // https://github.com/serverless/serverless/issues/11222
  INTEGRATION_FAILURE: [503, 'Service Unavailable'],
  INTEGRATION_TIMEOUT: [503, 'Service Unavailable'],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
  RESOURCE_NOT_FOUND: [404, 'Not Found'],
  UNAUTHORIZED: [401, 'Unauthorized'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorType = keyof typeof errors;

/** Why the gateway answers by itself. */
export interface HttpFailure {
  readonly errorType: ErrorType;
  /** For the log: why this is not the client's fault. */
  readonly fault?: string;
}

/** The answer for a failure, and the `$context.error` of it. */
export function errorResponse({ errorType }: HttpFailure): {
  readonly answer: GatewayResponse;
  readonly error: Readonly<Record<string, string>>;
} {
  const [status, message] = errors[errorType];
  return {
    answer: {
      status,
      headers: [['Content-Type', 'application/json']],
      body: Buffer.from(JSON.stringify({ message })),
    },
    error: { message, messageString: JSON.stringify(message), responseType: errorType },
  };
}

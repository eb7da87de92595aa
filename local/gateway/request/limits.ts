import { type HttpResponse, jsonResponse } from './message';

/** Maximum size of the head of a request, in bytes. It exceeds API Gateway's limits, which apply first. */
export const MAX_HEAD_BYTES = 64 * 1024;

/** Limit of API Gateway that a request exceeds. */
export type LimitExceeded = 'headers-too-large' | 'body-too-large' | 'uri-too-long';

const RESPONSES: Readonly<Record<LimitExceeded, readonly [status: number, message: string]>> = {
  // AWS documents the limit but not the status; 431 is defined by RFC 6585 section 5.
  'headers-too-large': [431, 'Request Header Fields Too Large'],
  'body-too-large': [413, 'Request Too Long'],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
  'uri-too-long': [414, 'Request-URI Too Long'],
};

/**
 * Returns the response to a request that exceeds a limit. Gateway responses do not apply: "Customizing
 * the default gateway response for 413 REQUEST_TOO_LARGE isn't currently supported".
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function limitResponse(limit: LimitExceeded): HttpResponse {
  const [status, message] = RESPONSES[limit];
  return jsonResponse(status, { message });
}

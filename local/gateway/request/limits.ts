import type { GatewayResponse } from './message';
import type { LimitExceeded } from '../pipeline/receive-request';

const refusals: Readonly<Record<LimitExceeded, readonly [number, string]>> = {
  // AWS documents the limit but not the status; 431 is the one that RFC 6585 section 5 defines.
  'headers-too-large': [431, 'Request Header Fields Too Large'],
  'body-too-large': [413, 'Request Too Long'],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
  'uri-too-long': [414, 'Request-URI Too Long'],
};

/**
 * Answers a request that exceeds a limit. Gateway responses do not apply: "Customizing the default
 * gateway response for 413 REQUEST_TOO_LARGE isn't currently supported".
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function limitResponse(refusal: LimitExceeded): GatewayResponse {
  const [status, message] = refusals[refusal];
  return {
    status,
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from(JSON.stringify({ message })),
  };
}

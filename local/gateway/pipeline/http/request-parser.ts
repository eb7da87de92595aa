import { withForwarding } from '../forwarding-headers';
import { headerValueBytes, type RequestParser } from '../receive-request';

/**
 * "Total combined size of request line and header values".
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const headLimitBytes = 10_240;

/** How an HTTP API takes requests in. */
export const httpFrontEnd: RequestParser = {
  method: (sent) => sent,
  headers: withForwarding,
  refuse(requestLine, headers) {
    if (requestLine.length > headLimitBytes) return 'uri-too-long';
    const bytes = requestLine.length + headerValueBytes(headers);
    return bytes > headLimitBytes ? 'headers-too-large' : undefined;
  },
};

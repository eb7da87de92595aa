import { headerValues } from '../../request/message';
import { withForwarding } from '../forwarding-headers';
import { headerValueBytes, type RequestParser } from '../receive-request';

/**
 * The most that all header values of a request may hold together.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const headerLimitBytes = 10_240;

const overridable = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** How a REST API takes requests in. */
export const restFrontEnd: RequestParser = {
  /**
   * "When sending requests to an API by passing the X-HTTP-Method-Override header, API Gateway
   * overrides the method."
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
   */
  method(sent, headers) {
    const override = headerValues(headers, 'X-HTTP-Method-Override')[0]?.toUpperCase();
    return override && overridable.includes(override) ? override : sent;
  },
  headers: withForwarding,
  refuse: (_, headers) =>
    headerValueBytes(headers) > headerLimitBytes ? 'headers-too-large' : undefined,
};

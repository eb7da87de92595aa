import { type HttpApiFailure, RESPONSE_TYPES } from '../../definition/http/response-types';
import { jsonResponse } from '../../request/message';
import { withContextVariables } from '../invocation';
import { type Ended, endWith } from '../pipeline';
import type { HttpApiInvocation } from './invocation';

/** Ends the path of a request with the error response for a failure. */
export function endWithErrorResponse(
  invocation: HttpApiInvocation,
  { responseType, fault }: HttpApiFailure,
): Ended {
  const [status, message] = RESPONSE_TYPES[responseType];
  const failed = withContextVariables(invocation, {
    error: { message, messageString: JSON.stringify(message), responseType },
  });
  return endWith(failed, jsonResponse(status, { message }), {
    gatewayResponse: responseType,
    ...(fault && { fault }),
  });
}

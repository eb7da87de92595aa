import type { Ended } from '../pipeline';
import { endWithGatewayResponse } from './gateway-response';
import type { MatchedRestInvocation, RestInvocation } from './invocation';

/** Step: selects the method of the resource that the request matches. */
export function matchResource(invocation: RestInvocation): MatchedRestInvocation | Ended {
  const method = invocation.match?.target;
  if (!method) {
    return endWithGatewayResponse(invocation, { responseType: 'MISSING_AUTHENTICATION_TOKEN' });
  }
  return { ...invocation, method, resource: method.resourcePath };
}

import type { Ended } from '../pipeline';
import { endWithErrorResponse } from './error-response';
import type { HttpApiInvocation, MatchedHttpApiInvocation } from './invocation';

/** Step: selects the route that the request matches. */
export function matchRoute(invocation: HttpApiInvocation): MatchedHttpApiInvocation | Ended {
  const route = invocation.match?.target;
  if (!route) return endWithErrorResponse(invocation, { responseType: 'RESOURCE_NOT_FOUND' });
  return { ...invocation, route, resource: route.routeKey };
}

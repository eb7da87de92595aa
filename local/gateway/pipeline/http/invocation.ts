import type { HttpApi, Route } from '../../definition/http/http-api';
import type { Invocation } from '../invocation';
import type { GatewayPorts } from '../ports';
import type { RouteMatch } from '../router';

/** State of a request to an HTTP API. */
export interface HttpApiInvocation extends Invocation {
  readonly api: HttpApi;
  readonly ports: GatewayPorts;
  /** Matched route; absent if there is none for the request. */
  readonly match?: RouteMatch<Route>;
}

/** State of a request that matches a route. */
export interface MatchedHttpApiInvocation extends HttpApiInvocation {
  readonly route: Route;
}

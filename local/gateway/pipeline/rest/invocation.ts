import type { Method } from '../../definition/rest/method';
import type { RestApi } from '../../definition/rest/rest-api';
import type { Invocation } from '../invocation';
import type { GatewayPorts } from '../ports';
import type { RouteMatch } from '../router';

/** State of a request to a REST API. */
export interface RestInvocation extends Invocation {
  readonly api: RestApi;
  readonly ports: GatewayPorts;
  /** Aborted when the client disconnects before it has received the response. */
  readonly disconnected: AbortSignal;
  /** Matched method; absent if no resource has one for the request. */
  readonly match?: RouteMatch<Method>;
}

/** State of a request that matches a method. */
export interface MatchedRestInvocation extends RestInvocation {
  readonly method: Method;
}

/** State of a request that the authorizer allowed, or whose method is public. */
export interface AuthorizedRestInvocation extends MatchedRestInvocation {
  readonly authorizerLatencyMs: number;
  /** API key in the authorizer's result. */
  readonly usageIdentifierKey?: string;
}

import type { GatewayRequest } from './message';
import type { RequestContext } from './context-variables';

/** One request as far as it is known: all that a value source or an event may refer to. */
export interface InvocationContext {
  readonly request: GatewayRequest;
  /** As in the request path, still percent-encoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly context: RequestContext;
}

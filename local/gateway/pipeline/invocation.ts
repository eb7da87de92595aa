import type { IncomingMessage } from 'node:http';
import type { Endpoint } from '../request/endpoint';
import type { InvocationContext } from '../request/invocation-context';
import type { LimitExceeded } from '../request/limits';
import type { AuthorizerCall, AuthorizerOutcome } from './invoke-authorizer';
import type { GatewayPorts } from './ports';

/** Request that arrives at an API: the input of its pipeline. */
export interface IncomingRequest<Api> {
  readonly api: Api;
  readonly ports: GatewayPorts;
  readonly message: IncomingMessage;
  /** Time of arrival, in milliseconds since the epoch. */
  readonly receivedAtMs: number;
  /** Aborted when the client disconnects before it has received the response. */
  readonly disconnected: AbortSignal;
  /** Custom domain name that the client called; absent at the default endpoint. */
  readonly endpoint?: Endpoint | undefined;
}

/** State of a request between two steps of the pipeline. */
export interface Invocation extends InvocationContext {
  readonly limitExceeded?: LimitExceeded;
  /** Matched resource or route, for example `/orders/{id}` or `GET /orders/{id}`. */
  readonly resource?: string;
  readonly authorizerOutcome: AuthorizerOutcome;
  /** Absent if no authorizer was called. */
  readonly authorizerCall?: AuthorizerCall;
}

/** Returns the invocation with how its authorizer responded. */
export function withAuthorizerCall<State extends Invocation>(
  invocation: State,
  { outcome, call }: { readonly outcome: AuthorizerOutcome; readonly call?: AuthorizerCall },
): State {
  return { ...invocation, authorizerOutcome: outcome, ...(call && { authorizerCall: call }) };
}

/** Returns the invocation with further context variables. */
export function withContextVariables<State extends Invocation>(
  invocation: State,
  variables: Readonly<Record<string, unknown>>,
): State {
  return {
    ...invocation,
    contextVariables: { ...invocation.contextVariables, ...variables },
  };
}

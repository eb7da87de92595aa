import type { IntrospectionExchange } from '../../authorization-server/introspection-exchange';
import type { ObservedInvocation } from '../../lambda/environment-pool';
import type { ServedExchange } from '../../stack/stack-observer';
import type { AuthorizerCall, Lifetime, RequestEvent } from './model';

/** Call of an embedded AWS service, as it is described. Its bodies are not kept. */
export interface ServiceCall {
  readonly receivedAtMs: number;
  readonly call: AuthorizerCall;
}

/** Parts of a request that filled the result cache, which requests that replay its result have, too. */
export type ReplayedResult = Pick<
  RequestEvent,
  'id' | 'resultCache' | 'decision' | 'checks' | 'jwt'
>;

/** Exchange, and what happened while the authorizer handled it. */
export interface Observed {
  readonly exchange: ServedExchange;
  /** Absent if the authorizer was not invoked. */
  readonly invocation: ObservedInvocation | undefined;
  readonly serviceCalls: readonly ServiceCall[];
  readonly introspections: readonly IntrospectionExchange[];
  /** Lifetime of the introspection's result, from an earlier request with the token. */
  readonly earlierLifetime: Lifetime | undefined;
  /** Request whose result the result cache replayed. */
  readonly replayed: ReplayedResult | undefined;
}

/** Tests whether an event is for an authorizer. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html */
export function isAuthorizerEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'type' in event && event.type === 'REQUEST';
}

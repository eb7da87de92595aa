import type { IntrospectionExchange } from '../../authorization-server/introspection-exchange';
import type { AwsCall } from '../../aws/operation-observer';
import type { ObservedInvocation } from '../../lambda/environment-pool';
import type { ObservedService, ServedExchange } from '../../stack/stack-observer';
import type { Lifetime, RequestEvent } from './model';

/** Call of an embedded AWS service. */
export interface ServiceCall {
  readonly service: ObservedService;
  readonly call: AwsCall;
}

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
  readonly replayed: RequestEvent | undefined;
}

/** Tests whether an event is for an authorizer. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html */
export function isAuthorizerEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'type' in event && event.type === 'REQUEST';
}

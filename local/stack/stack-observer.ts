import type { AwsCall } from '../aws/operation-observer';
import type { Exchange } from '../gateway/server';
import type { ObservedInvocation } from '../lambda/environment-pool';
import type { ServedRequest } from '../requests/served-request';

/** Embedded AWS service whose calls are observed. */
export type ObservedService = 'DynamoDB' | 'Secrets Manager';

/** Exchange with what the authorizer logged about it. */
export interface ServedExchange extends Exchange {
  readonly record: ServedRequest;
}

/** Receiver of the events in a local stack. They contain tokens and must not be logged. */
export interface StackObserver {
  /** Receives a call of a service before the invocation that it belongs to. */
  onAwsCall(service: ObservedService, call: AwsCall): void;
  /** Receives an invocation before the exchange that it belongs to. */
  onInvocation(invocation: ObservedInvocation): void;
  onExchange(exchange: ServedExchange): void;
}

/**
 * Returns an observer whose errors are logged and do not fail the request that it observes. Only their names are
 * logged: a message can quote a token.
 */
export function isolatedObserver(
  observer: StackObserver,
  log: (line: string) => void,
): StackObserver {
  const isolate =
    <Parameters extends unknown[]>(receive: (...parameters: Parameters) => void) =>
    (...parameters: Parameters): void => {
      try {
        receive(...parameters);
      } catch (error) {
        log(`the inspector could not show a request: ${(error as Error).name}`);
      }
    };
  return {
    onAwsCall: isolate(observer.onAwsCall),
    onInvocation: isolate(observer.onInvocation),
    onExchange: isolate(observer.onExchange),
  };
}

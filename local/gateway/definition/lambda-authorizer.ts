import type { ValueSource } from '../request/value-source';

/** Lambda authorizer of the REQUEST type, of a REST API or an HTTP API. */
export interface LambdaAuthorizer {
  readonly authorizerId: string;
  readonly functionArn: string;
  /** True if the function's resource policy lets API Gateway invoke it for this authorizer. */
  readonly invocationAllowed: boolean;
  readonly identitySources: readonly ValueSource[];
  /** Lifetime of a cached result, in seconds; 0 turns the result cache off. */
  readonly resultTtlSeconds: number;
}

/** Reason for an error response that API Gateway itself sends. */
export interface Failure<ResponseType extends string> {
  /** Value of `$context.error.responseType`. */
  readonly responseType: ResponseType;
  /** Value of `$context.error.message`; by default the message of the type. */
  readonly message?: string;
  /** Cause to log, where the client did not cause the failure. */
  readonly fault?: string;
}

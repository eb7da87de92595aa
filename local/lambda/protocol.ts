/** What an execution environment is told by its pool, over IPC: one event to handle. */
export interface Invocation {
  readonly requestId: string;
  readonly traceId: string;
  readonly functionArn: string;
  /** When the invocation times out, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly event: unknown;
}

/** An error as the invoker of a function sees it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/**
 * What came of an invocation: the handler's result after a trip through JSON, or an error. An
 * environment reports one, over IPC, for each event, and one (`null` or an error) for having loaded
 * the handler.
 */
export type InvocationResult = { readonly payload: unknown } | { readonly error: FunctionError };

/** Event for an execution environment, which its pool sends over IPC. */
export interface Invocation {
  readonly requestId: string;
  readonly traceId: string;
  readonly functionArn: string;
  /** Time of the invocation's timeout, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly event: unknown;
  /** Line to print on standard output and standard error after the handler has finished. */
  readonly endLine: string;
}

/** Error as the invoker of a function receives it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/**
 * Result of an invocation: the handler's result after a JSON round trip, or an error. An environment
 * reports one over IPC for each event, and before them one (`null` or an error) for loading the handler.
 */
export type InvocationResult = { readonly payload: unknown } | { readonly error: FunctionError };

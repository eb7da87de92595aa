/** Result of an invocation of a Lambda function. */
export type InvocationResult =
  | { readonly payload: unknown }
  | { readonly error: { readonly errorType: string; readonly errorMessage: string } };

/** Synchronous invocation of a Lambda function. */
export type Invoke = (functionArn: string, event: unknown) => Promise<InvocationResult>;

/** Invokes a function with a timeout. The function itself is not cancelled, as on AWS. */
export async function invokeWithTimeout(
  invoke: Invoke,
  functionArn: string,
  event: unknown,
  timeoutMs: number,
): Promise<InvocationResult | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, 'timeout').unref();
  });
  const invocation = invoke(functionArn, event).catch((error: Error) => ({
    error: { errorType: error.name, errorMessage: error.message },
  }));
  try {
    return await Promise.race([invocation, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

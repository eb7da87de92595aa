/** What an invocation of a Lambda function ends with. */
export type InvocationResult =
  | { readonly payload: unknown }
  | { readonly error: { readonly errorType: string; readonly errorMessage: string } };

/** Invokes a Lambda function synchronously. */
export type Invoke = (functionArn: string, event: unknown) => Promise<InvocationResult>;

/** Waits for an invocation no longer than API Gateway does; the function itself runs on. */
export async function invokeWithin(
  invoke: Invoke,
  functionArn: string,
  event: unknown,
  timeoutMillis: number,
): Promise<InvocationResult | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(resolve, timeoutMillis, 'timeout').unref();
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

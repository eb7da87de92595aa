/**
 * What runs inside an execution environment: it loads the function's handler and calls it with one
 * event after the other, as Lambda's managed Node.js runtime does. It is handed to a plain `node`
 * as one file, so it imports nothing but Node's own modules.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionError, Invocation, InvocationResult } from './protocol';

type Handler = (event: unknown, context: object) => unknown;

/** A fault of the function's packaging, found before any event is handled. */
class InitializationError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

// Without its pool nobody can reach or end this process: it must not outlive it.
process.on('disconnect', () => process.exit());
// Ctrl+C reaches the whole foreground process group; the pool ends its environments itself, in order.
process.on('SIGINT', () => {});

const report = (result: InvocationResult) => process.send?.(result);

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
function functionError(thrown: unknown): FunctionError {
  return thrown instanceof Error
    ? { errorType: thrown.name, errorMessage: thrown.message }
    : { errorType: typeof thrown, errorMessage: String(thrown) };
}

/** Lambda logs what an invoker is told of an error, with the stack that the invoker is not told. */
function logError(phase: string, thrown: unknown): void {
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  console.error(`ERROR ${phase} ${JSON.stringify({ ...functionError(thrown), stack })}`);
}

async function loadHandler(taskRoot: string, name: string): Promise<Handler> {
  const [, module, exported] = /^(.*?[^/.]+)\.([^/.]+)$/.exec(name) ?? [];
  if (module === undefined || exported === undefined) {
    throw new InitializationError('Runtime.MalformedHandlerName', `Bad handler: ${name}`);
  }
  const file = ['.js', '.mjs', '.cjs']
    .map((extension) => join(taskRoot, module + extension))
    .find(existsSync);
  if (file === undefined) {
    throw new InitializationError('Runtime.ImportModuleError', `Cannot find module '${module}'`);
  }
  const exports = await import(pathToFileURL(file).href);
  // A minified CommonJS module shows its exports only through the default export.
  const handler = exports[exported] ?? exports.default?.[exported];
  if (typeof handler !== 'function') {
    const message = `${name} is undefined or not exported`;
    throw new InitializationError('Runtime.HandlerNotFound', message);
  }
  // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html: none from Node.js 24 on.
  if (handler.length > 2) {
    const message = 'callback-based function handlers are not supported: use an async handler';
    throw new InitializationError('Runtime.CallbackHandlerDeprecated', message);
  }
  return handler;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
const context = ({ requestId, functionArn, deadline }: Invocation) => ({
  awsRequestId: requestId,
  invokedFunctionArn: functionArn,
  functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
  functionVersion: process.env['AWS_LAMBDA_FUNCTION_VERSION'],
  memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
  logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
  logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => deadline - Date.now(),
});

async function invoke(handler: Handler, invocation: Invocation): Promise<InvocationResult> {
  process.env['_X_AMZN_TRACE_ID'] = invocation.traceId;
  try {
    const result = await handler(invocation.event, context(invocation));
    // The invoker gets JSON: what JSON cannot carry must be lost, or fail, here as well.
    return { payload: JSON.parse(JSON.stringify(result) ?? 'null') };
  } catch (thrown) {
    logError('Invoke Error', thrown);
    return { error: functionError(thrown) };
  }
}

loadHandler(process.env['LAMBDA_TASK_ROOT'] ?? '', process.env['_HANDLER'] ?? '').then(
  (handler) => {
    process.on('message', async (invocation: Invocation) => {
      report(await invoke(handler, invocation));
    });
    report({ payload: null });
  },
  (thrown) => {
    logError('Init Error', thrown);
    report({ error: functionError(thrown) });
  },
);

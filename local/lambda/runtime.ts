/**
 * Runtime inside an execution environment. It loads the function's handler and calls it with one event
 * after another, as Lambda's managed Node.js runtime does. It is a single file for plain `node`, so it
 * imports Node.js modules only.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionError, Invocation, InvocationResult } from './protocol';

type Handler = (event: unknown, context: object) => unknown;

/** Error while loading the handler. */
class InitializationError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

// Exit with the pool, without which this process could not be reached or ended.
process.on('disconnect', () => process.exit());
// Ctrl+C reaches the whole foreground process group. The pool ends its environments itself, in order.
process.on('SIGINT', () => {});

const report = (result: InvocationResult) => process.send?.(result);

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
function functionError(thrown: unknown): FunctionError {
  return thrown instanceof Error
    ? { errorType: thrown.name, errorMessage: thrown.message }
    : { errorType: typeof thrown, errorMessage: String(thrown) };
}

/** Logs an error, with its stack unless it is an authorizer's way of denying a request. */
function logError(phase: string, thrown: unknown): void {
  const isDenial = thrown instanceof Error && thrown.message === 'Unauthorized';
  const stack = thrown instanceof Error && !isDenial ? thrown.stack : undefined;
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
  // A minified CommonJS module exposes its exports only through the default export.
  const handler = exports[exported] ?? exports.default?.[exported];
  if (typeof handler !== 'function') {
    const message = `${name} is undefined or not exported`;
    throw new InitializationError('Runtime.HandlerNotFound', message);
  }
  // Lambda rejects them from Node.js 24 on. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
  if (handler.length > 2) {
    const message = 'callback-based function handlers are not supported: use an async handler';
    throw new InitializationError('Runtime.CallbackHandlerDeprecated', message);
  }
  return handler;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
const context = ({ requestId, functionArn, deadlineMs }: Invocation) => ({
  awsRequestId: requestId,
  invokedFunctionArn: functionArn,
  functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
  functionVersion: process.env['AWS_LAMBDA_FUNCTION_VERSION'],
  memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
  logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
  logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => deadlineMs - Date.now(),
});

async function invoke(handler: Handler, invocation: Invocation): Promise<InvocationResult> {
  process.env['_X_AMZN_TRACE_ID'] = invocation.traceId;
  try {
    const result = await handler(invocation.event, context(invocation));
    // The invoker receives JSON, so values without a JSON form must be lost or fail here too.
    return { payload: JSON.parse(JSON.stringify(result) ?? 'null') };
  } catch (thrown) {
    logError('Invoke Error', thrown);
    return { error: functionError(thrown) };
  }
}

loadHandler(process.env['LAMBDA_TASK_ROOT'] ?? '', process.env['_HANDLER'] ?? '').then(
  (handler) => {
    process.on('message', async (invocation: Invocation) => {
      const result = await invoke(handler, invocation);
      for (const output of [process.stdout, process.stderr])
        output.write(`${invocation.endLine}\n`);
      report(result);
    });
    report({ payload: null });
  },
  (thrown) => {
    logError('Init Error', thrown);
    report({ error: functionError(thrown) });
  },
);

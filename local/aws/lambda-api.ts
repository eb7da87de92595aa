import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { close, listen } from '../http-server';
import { AwsApiError } from './aws-error';

/** Result of an invocation. */
type Result =
  | { readonly payload: unknown }
  | { readonly error: { readonly errorType: string; readonly errorMessage: string } };

/** Invokes a function. Resolves to `undefined` if it does not exist, and rejects if it cannot run. */
type InvokeByName = (
  name: string,
  qualifier: string | undefined,
  event: unknown,
) => Promise<Result | undefined>;

const NOT_FOUND = 'ResourceNotFoundException';

/** Embedded AWS Lambda. It invokes functions, and nothing else. */
export interface LambdaApi {
  readonly endpoint: URL;
  close(): Promise<void>;
}

/**
 * Starts an embedded Lambda on a free loopback port. It accepts any credentials.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function startLambdaApi(invoke: InvokeByName): Promise<LambdaApi> {
  const server = createServer(async (request, response) => {
    const { status, headers, body } = await respond(request, invoke).catch(failed);
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body ?? null));
  });
  return { endpoint: await listen(server), close: () => close(server) };
}

interface Response {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** @throws AwsApiError if the request is wrong, and errors of `invoke`. */
async function respond(request: IncomingMessage, invoke: InvokeByName): Promise<Response> {
  const [path = '', query] = (request.url ?? '').split('?');
  const [, id] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path) ?? [];
  if (request.method !== 'POST' || id === undefined) {
    throw new AwsApiError('NotSupportedInLocalMode', 'Local mode supports only Invoke');
  }
  const { name, qualifier } = parseFunctionId(decode(id));
  const event = await json(request).catch(() => {
    throw new AwsApiError('InvalidRequestContentException', 'The payload is not JSON');
  });
  const result = await invoke(
    name,
    new URLSearchParams(query).get('Qualifier') ?? qualifier,
    event,
  );
  if (result === undefined) throw new AwsApiError(NOT_FOUND, `Function not found: ${name}`);
  if ('payload' in result) return { status: 200, body: result.payload };
  return {
    status: 200,
    headers: { 'X-Amz-Function-Error': 'Unhandled' },
    body: result.error,
  };
}

/** Returns the response to a request that is wrong, or to the invocation of a function that cannot run. */
function failed(error: Error): Response {
  const { message } = error;
  const fail = (status: number, fault: string, type: string) => ({
    status,
    headers: { 'x-amzn-ErrorType': type },
    body: { Type: fault, Message: message },
  });
  if (!(error instanceof AwsApiError)) return fail(502, 'Service', 'NotSupportedInLocalMode');
  return fail(error.type === NOT_FOUND ? 404 : 400, 'User', error.type);
}

/** @throws AwsApiError if a part of a path is not percent-encoded text. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsApiError('InvalidParameterValueException', `not a function name: ${part}`);
  }
}

/** Returns the parts of a function name: `name`, `name:qualifier`, or an ARN with or without a qualifier. */
function parseFunctionId(id: string): { name: string; qualifier: string | undefined } {
  const [, name = '', qualifier] = /^(?:.*:function:)?([^:]+)(?::([^:]+))?$/.exec(id) ?? [];
  return { name, qualifier };
}

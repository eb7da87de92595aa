import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { close, listen } from '../http-server';

/** Result of an invocation. */
type Result =
  | { readonly payload: unknown }
  | { readonly error: { readonly errorType: string; readonly errorMessage: string } };

/** Embedded AWS Lambda. It invokes functions, and nothing else. */
export interface LambdaApi {
  readonly endpoint: URL;
  close(): Promise<void>;
}

/**
 * Starts an embedded Lambda on a free loopback port. It accepts any credentials.
 *
 * @param invoke invokes a function by its name and qualifier; `undefined` if it does not exist
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function startLambdaApi(
  invoke: (
    name: string,
    qualifier: string | undefined,
    event: unknown,
  ) => Promise<Result | undefined>,
): Promise<LambdaApi> {
  const server = createServer(async (request, response) => {
    const send = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
      response
        .writeHead(status, { 'Content-Type': 'application/json', ...headers })
        .end(JSON.stringify(body ?? null));
    const fail = (status: number, type: string, Message: string) =>
      send(status, { Type: 'User', Message }, { 'x-amzn-ErrorType': type });
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [, id] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathname) ?? [];
    if (request.method !== 'POST' || id === undefined) {
      return fail(400, 'NotSupportedInLocalMode', 'Local mode supports only Invoke');
    }
    const event = await json(request).catch(() => 'invalid');
    if (event === 'invalid') {
      return fail(400, 'InvalidRequestContentException', 'The payload is not JSON');
    }
    const { name, qualifier } = parseFunctionId(decodeURIComponent(id));
    const result = await invoke(name, searchParams.get('Qualifier') ?? qualifier, event);
    if (result === undefined) {
      return fail(404, 'ResourceNotFoundException', `Function not found: ${name}`);
    }
    if ('payload' in result) return send(200, result.payload);
    return send(200, result.error, { 'X-Amz-Function-Error': 'Unhandled' });
  });
  return { endpoint: await listen(server), close: () => close(server) };
}

/** Returns the parts of a function name: `name`, `name:qualifier`, or an ARN with or without a qualifier. */
function parseFunctionId(id: string): { name: string; qualifier: string | undefined } {
  const [, name = '', qualifier] = /^(?:.*:function:)?([^:]+)(?::([^:]+))?$/.exec(id) ?? [];
  return { name, qualifier };
}

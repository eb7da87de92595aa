import { createServer, type IncomingMessage, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import type { z } from 'zod';
import { prettifyError } from 'zod';
import { AwsApiError } from './aws-error';

/** Performs an operation of an API. Throws AwsApiError if the API would reject the request. */
export type Perform = (operation: string, request: unknown) => object;

/** Takes the error of a rejected request, and the request if it is JSON. */
type OnRejected = (error: AwsApiError, request: unknown) => void;

/**
 * Creates the server of an AWS API that speaks JSON. It accepts any credentials.
 *
 * @param service prefix of the operations in the header `X-Amz-Target`
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function createJsonService(
  service: string,
  perform: Perform,
  onRejected: OnRejected = () => {},
): Server {
  return createServer(async (request, response) => {
    const { status, body } = await respond(service, perform, request, onRejected);
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  });
}

/** @throws AwsApiError naming the parameters that the schema does not accept. */
export function parseRequest<Schema extends z.ZodType>(
  request: unknown,
  schema: Schema,
  errorType = 'ValidationException',
): z.infer<Schema> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new AwsApiError(errorType, prettifyError(parsed.error));
}

/** Returns the error of an operation that local mode does not implement. */
export function unsupportedOperation(operation: string): AwsApiError {
  return new AwsApiError('UnknownOperationException', `not supported in local mode: ${operation}`);
}

async function respond(
  service: string,
  perform: Perform,
  request: IncomingMessage,
  onRejected: OnRejected,
): Promise<{ status: number; body: object }> {
  let body: unknown;
  try {
    const [target, operation = ''] = String(request.headers['x-amz-target']).split('.');
    body = await json(request).catch(() => {
      throw new AwsApiError('SerializationException', 'the body is not JSON');
    });
    // AWS rejects unsigned requests, so that a client that does not sign must fail here too.
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
      const message = 'Missing Authentication Token';
      throw new AwsApiError('MissingAuthenticationTokenException', message);
    }
    if (request.method !== 'POST' || target !== service) {
      throw new AwsApiError('UnknownOperationException', `not an operation of ${service}`);
    }
    return { status: 200, body: perform(operation, body) };
  } catch (error) {
    if (!(error instanceof AwsApiError)) throw error;
    onRejected(error, body);
    return { status: 400, body: { __type: error.type, Message: error.message } };
  }
}

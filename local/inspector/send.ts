import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type HeaderField, headerValues, withoutHeaders } from '../gateway/request/message';

interface Message {
  readonly method: string;
  /** Path and query, which are sent as they are. */
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
}

/** Limits of the part of a response that is read. */
export interface ReadLimits {
  readonly maxBytes: number;
  /** Time from the headers on, in milliseconds. */
  readonly maxMs: number;
}

/** Response of which the body is not kept. */
export interface SentResponse {
  readonly status: number;
  readonly requestId: string | undefined;
  /** False if the connection was closed before the end of the response. */
  readonly isComplete: boolean;
}

/** Limits that only streamed responses exceed. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const READ_LIMITS: ReadLimits = { maxBytes: 10 * 1024 * 1024, maxMs: 10_000 };

/** Headers of the connection, which the new one has itself. */
const CONNECTION_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

/**
 * Sends a request to an API on loopback, and reads the response up to a limit. Path and headers are not normalized, and
 * redirects are not followed.
 */
export async function sendRequest(
  { hostname, port, host }: URL,
  { method, target, headers, body }: Message,
  limits: ReadLimits = READ_LIMITS,
): Promise<SentResponse> {
  const sent = withoutHeaders(headers, CONNECTION_HEADERS);
  // https://www.rfc-editor.org/rfc/rfc9110#section-8.6
  const hasLength = body.length > 0 || ['POST', 'PUT', 'PATCH'].includes(method);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({
      ...{ hostname, port, method, path: target, agent: false },
      headers: [
        ...(headerValues(sent, 'host').length === 0 ? ['Host', host] : []),
        ...sent.flat(),
        ...(hasLength ? ['Content-Length', String(body.length)] : []),
        ...['Connection', 'close'],
      ],
    })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
  const { statusCode: status = 0, headers: received } = response;
  // REST and HTTP APIs have different headers.
  const requestId = received['x-amzn-requestid'] ?? received['apigw-requestid'];
  return {
    status,
    requestId: requestId === undefined ? undefined : String(requestId),
    isComplete: await readUpTo(response, limits),
  };
}

/** Reads a response. Closes the connection at the first limit. Returns whether it is complete. */
function readUpTo(response: IncomingMessage, { maxBytes, maxMs }: ReadLimits): Promise<boolean> {
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(() => response.destroy(), maxMs);
    response
      .on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) response.destroy();
      })
      // The connection broke off. The status is known.
      .on('error', () => {})
      .on('close', () => {
        clearTimeout(timer);
        resolve(response.complete);
      });
  });
}

import type { IncomingMessage } from 'node:http';

/**
 * The most that a request or a response body may hold: 10 MB.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const payloadLimitBytes = 10 * 1024 * 1024;

/**
 * The whole body of a message. A larger one than the payload limit is read to its end, so that the
 * peer can read the answer, but not kept.
 */
export async function readBody(message: IncomingMessage): Promise<Buffer | 'too-large'> {
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += chunk.length;
    if (length <= payloadLimitBytes) chunks.push(chunk);
    else chunks = [];
  }
  return length > payloadLimitBytes ? 'too-large' : Buffer.concat(chunks);
}

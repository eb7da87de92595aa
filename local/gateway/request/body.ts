import type { IncomingMessage } from 'node:http';

/**
 * Maximum size of a request or response body, in bytes: 10 MB.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const PAYLOAD_LIMIT_BYTES = 10 * 1024 * 1024;

/**
 * Reads the body of a message. A body over the limit is read but not kept, so that the peer can
 * finish sending and read the response.
 */
export async function readBody(message: IncomingMessage): Promise<Buffer | 'too-large'> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    if (bytes <= PAYLOAD_LIMIT_BYTES) chunks.push(chunk);
    else chunks = [];
  }
  return bytes > PAYLOAD_LIMIT_BYTES ? 'too-large' : Buffer.concat(chunks);
}

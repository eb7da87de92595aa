import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { HttpResponse, StreamedResponse } from './request/message';

/** Maximum length of the start of a streamed body that is kept, in bytes. */
const MAX_KEPT_BYTES = 64 * 1024;

/** Response as it was sent to the client. */
export interface SentResponse {
  /** Length of the body, in bytes. */
  readonly bytes: number;
  /** The body, or its start if it was streamed. */
  readonly body: Buffer;
  /** Time from the first header to the last byte of a streamed body, in milliseconds. Otherwise 0. */
  readonly streamMs: number;
  /** Cause why a streamed body is incomplete; absent if it is complete. */
  readonly fault?: string;
}

/**
 * Sends a response. A streamed body is sent while it arrives. If it breaks off, so does the response, without
 * the end that tells the client that it is complete.
 *
 * @param disconnected aborted when the client disconnects before it has received the response
 */
export async function sendResponse(
  response: ServerResponse,
  { status, headers, body }: HttpResponse | StreamedResponse,
  disconnected: AbortSignal,
): Promise<SentResponse> {
  response.statusCode = status;
  for (const [name, value] of headers) response.appendHeader(name, value);
  if (Buffer.isBuffer(body)) {
    response.end(body);
    return { bytes: body.length, body, streamMs: 0 };
  }
  const startedMs = performance.now();
  const streamMs = () => performance.now() - startedMs;
  const kept: Buffer[] = [];
  let bytes = 0;
  response.flushHeaders();
  try {
    for await (const chunk of body) {
      if (bytes < MAX_KEPT_BYTES) kept.push(chunk);
      bytes += chunk.length;
      if (!response.write(chunk)) await once(response, 'drain', { signal: disconnected });
    }
    response.end();
    return { bytes, body: Buffer.concat(kept), streamMs: streamMs() };
  } catch (error) {
    response.destroy();
    const fault = disconnected.aborted
      ? 'the client disconnected during the response'
      : (error as Error).message;
    return { bytes, body: Buffer.concat(kept), streamMs: streamMs(), fault };
  }
}

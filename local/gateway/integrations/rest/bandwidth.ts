import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes of a streamed response that API Gateway sends at full speed: 10 MB. */
const FULL_SPEED_BYTES = 10 * 1024 * 1024;

/** Bandwidth of the rest of the response, in bytes per second: 2 MB/s. */
const BYTES_PER_SECOND = 2 * 1024 * 1024;

/**
 * Yields the chunks of a streamed response at the bandwidth of API Gateway.
 *
 * @param wait waits for a number of milliseconds
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
 */
export async function* limitBandwidth(
  chunks: AsyncIterable<Buffer>,
  wait: (milliseconds: number) => Promise<unknown> = sleep,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    const limited = Math.min(chunk.length, bytes - FULL_SPEED_BYTES);
    if (limited > 0) await wait((limited / BYTES_PER_SECOND) * 1000);
    yield chunk;
  }
}

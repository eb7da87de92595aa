import { createServer, type Socket } from 'node:net';
import { createHttpClient } from '../../../../lambda/io/http/client';
import { inIdleTime } from '../../../support/idle-time';
import { listening, startRawServer, stopped } from '../../../support/stub-server';

const soon = () => AbortSignal.timeout(5000);
const post = (url: URL, signal = soon()) =>
  createHttpClient()(url, { method: 'POST', headers: {}, body: 'token=abc', signal });

/** Posts to a server that sends these bytes and then does `end` with the connection. */
async function exchange(bytes: string, end?: (socket: Socket) => void) {
  const raw = await startRawServer(bytes, end);
  const signal = soon();
  const outcome = await post(raw.url, signal).catch((error: unknown) => error as Error);
  await raw.close();
  expect(signal.aborted).toBe(false);
  return { outcome, connections: raw.connections() };
}
const HEAD = 'HTTP/1.1 200 OK\r\n';
const LENGTH_10 = `${HEAD}content-length: 10\r\n\r\n`;
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const stay = () => undefined;
const half = (socket: Socket) => socket.end();
const reset = (socket: Socket) => socket.resetAndDestroy();

describe('createHttpClient', () => {
  it.each<[string, string, (socket: Socket) => void]>([
    ['has its length', `${HEAD}content-length: 6\r\n\r\nanswer`, stay],
    ['has its length, and is half-closed', `${HEAD}content-length: 6\r\n\r\nanswer`, half],
    ['has its length, as in HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 6\r\n\r\nanswer', half],
    ['comes in chunks', `${CHUNKED}2\r\nan\r\n4\r\nswer\r\n0\r\n\r\n`, stay],
    ['comes in chunks with trailers', `${CHUNKED}6;a=b\r\nanswer\r\n0\r\nx: y\r\n\r\n`, stay],
    [
      'comes after early hints',
      `HTTP/1.1 103 Early Hints\r\n\r\n${HEAD}content-length: 6\r\n\r\nanswer`,
      stay,
    ],
  ])('reads a response that %s', async (_, bytes, end) => {
    const { outcome } = await exchange(bytes, end);

    expect(outcome).toMatchObject({ status: 200, body: Buffer.from('answer') });
  });

  it.each<[string, string, (socket: Socket) => void]>([
    ['is shorter than its length', `${LENGTH_10}answer`, half],
    ['is reset in the middle', `${LENGTH_10}answer`, reset],
    ['has its last chunk missing', `${CHUNKED}6\r\nanswer\r\n`, half],
    ['is reset between chunks', `${CHUNKED}6\r\nanswer\r\n`, reset],
    ['breaks off in a chunk', `${CHUNKED}a\r\nanswer`, half],
    ['breaks off in its headers', `${HEAD}content-le`, half],
    ['is reset in its headers', `${HEAD}content-le`, reset],
    ['is nothing', '', half],
  ])('an HTTP request fails, once, if its response %s', async (_, bytes, end) => {
    const { outcome, connections } = await exchange(bytes, end);

    expect(outcome).toMatchObject({
      code: expect.stringMatching(/^(ECONNRESET|HPE_INVALID_EOF_STATE)$/),
    });
    expect(connections).toBe(1);
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['a malformed chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
    ],
    ['endless headers', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`],
  ])('an HTTP request fails at once if its response is %s', async (_, bytes) => {
    const { outcome } = await exchange(bytes);

    expect(outcome).toBeInstanceOf(Error);
  });

  it('gives up a server that lets TLS hang after a second', () =>
    inIdleTime(async () => {
      const silent = createServer((socket) => socket.on('error', () => undefined).resume());
      const url = new URL((await listening(silent)).replace('http:', 'https:'));
      const began = performance.now();

      await expect(post(url)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
      const took = performance.now() - began;
      expect(took).toBeGreaterThan(950);
      expect(took).toBeLessThan(1100);
      await stopped(silent);
    }));
});

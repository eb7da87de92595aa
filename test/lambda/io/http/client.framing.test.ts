import { once } from 'node:events';
import { createHttpClient } from '../../../../lambda/io/http/client';
import { startScriptedServer } from '../../../support/scripted-server';

const EMPTY = 'HTTP/1.1 204 No Content\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nanswer';

let server: Awaited<ReturnType<typeof startScriptedServer>>;
afterEach(() => server.close());

function poster() {
  const send = createHttpClient();
  return () =>
    send(server.url, {
      method: 'POST',
      headers: {},
      body: 'token=abc',
      signal: AbortSignal.timeout(10_000),
    });
}

describe('createHttpClient', () => {
  it.each([
    ['204 with nothing after it', EMPTY],
    ['204 with content-length: 0', 'HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n'],
    ['304 with nothing after it', 'HTTP/1.1 304 Not Modified\r\n\r\n'],
  ])('reads %s and keeps the connection', async (_, bytes) => {
    server = await startScriptedServer(() => [bytes]);
    const send = poster();

    expect(await send()).toMatchObject({ body: Buffer.alloc(0) });
    expect(await send()).toMatchObject({ body: Buffer.alloc(0) });
    expect(server.connections()).toBe(1);
  });

  it.each([
    ['a body and its length', '204 No Content\r\ncontent-length: 16\r\n\r\n{"active":false}'],
    ['a length and no body', '204 No Content\r\ncontent-length: 16\r\n\r\n'],
    ['a chunked body', '204 No Content\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ['an empty chunked body', '204 No Content\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    [
      'a chunked body that never ends',
      '204 No Content\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{',
    ],
    ['a body without a length', '204 No Content\r\n\r\n{"active":false}'],
    ['another response', `204 No Content\r\n\r\n${OK}`],
  ])('ends a 204 at its empty line and closes the connection after %s', async (_, text) => {
    server = await startScriptedServer((connection) => [
      connection === 1 ? `HTTP/1.1 ${text}` : OK,
    ]);
    const send = poster();

    expect(await send()).toMatchObject({ status: 204, body: Buffer.alloc(0) });
    expect(await send()).toMatchObject({ status: 200, body: Buffer.from('answer') });
    expect(server.connections()).toBe(2);
  });

  it('closes the connection when the body of a 204 arrives later', async () => {
    server = await startScriptedServer((connection) => [connection === 1 ? EMPTY : OK]);
    const send = poster();
    expect(await send()).toMatchObject({ status: 204 });

    const [socket] = server.sockets;
    socket?.write('{"active":false}');
    if (socket && !socket.destroyed) await once(socket, 'close');

    expect(await send()).toMatchObject({ status: 200, body: Buffer.from('answer') });
    expect(server.connections()).toBe(2);
  });

  it.each([
    [
      'ends at the empty line of a 304 that announces a length',
      '304 Not Modified\r\ncontent-length: 6',
      304,
    ],
    ['ends at the empty line of a 101 without upgrade', '101 Switching Protocols', 101],
  ])('reading a response %s', async (_, head, status) => {
    server = await startScriptedServer(() => [`HTTP/1.1 ${head}\r\n\r\n`]);

    const outcome = await poster()().catch((error: unknown) => error);

    expect(outcome).toMatchObject(
      status === 304 ? { status, body: Buffer.alloc(0) } : { kind: 'response_malformed' },
    );
  });

  it('reads the response after an interim response that announces a length', async () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\ncontent-length: 6\r\n\r\n';
    server = await startScriptedServer(() => [interim, OK]);

    expect(await poster()()).toMatchObject({ status: 200, body: Buffer.from('answer') });
  });

  it.each([
    ['HTTP/1.1 without a length', 'HTTP/1.1 200 OK\r\n\r\nanswer'],
    ['HTTP/1.1 that closes', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nanswer'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nanswer'],
    ['a coding other than chunked', 'HTTP/1.1 200 OK\r\ntransfer-encoding: identity\r\n\r\nanswer'],
  ])('refuses a response that only the end of the connection delimits: %s', async (_, bytes) => {
    server = await startScriptedServer(() => [bytes, 'end']);

    await expect(poster()()).rejects.toMatchObject({
      kind: 'response_malformed',
      message: 'the response (status 200) has no length and is not chunked',
    });
  });

  it('refuses a response that begins before the request was sent', async () => {
    server = await startScriptedServer(() => [], { greeting: OK });

    await expect(poster()()).rejects.toMatchObject({
      kind: 'response_malformed',
      message: 'the response began before the request was sent',
    });
  });
});

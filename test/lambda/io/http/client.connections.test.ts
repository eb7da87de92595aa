import { once } from 'node:events';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_IDLE_SECONDS } from '../../../../lambda/io/http/agents';
import { createHttpClient } from '../../../../lambda/io/http/client';
import { startScriptedServer } from '../../../support/scripted-server';
import { startThreadServer } from '../../../support/thread-server';

const PATIENCE_MS = 25_000;
const poster =
  (send: ReturnType<typeof createHttpClient>, url: URL) =>
  async (body: string): Promise<string> => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return (await send(url, { method: 'POST', headers: {}, body, signal })).body.toString();
  };

describe('createHttpClient with several addresses', () => {
  type Server = Awaited<ReturnType<typeof startThreadServer>>;

  /** Resolves every name to these addresses. */
  const lookupOf =
    (...addresses: string[]): LookupFunction =>
    (_host, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
  /** Fills the queue of connections to accept: Linux drops what asks for another one. */
  async function dropPackets(paused: Server, host: string, queued: Socket[]): Promise<void> {
    await paused.pause();
    for (let count = 0; count < 2; count++) {
      const socket = connect(paused.port, host).on('error', () => undefined);
      queued.push(socket);
      await once(socket, 'connect');
    }
  }

  // Both wait for timers of Node.js and Linux that no test can advance, and run before what stops this thread.
  it.concurrent('connects to a first address that takes longer than 250 ms', async () => {
    const distant = await startThreadServer();
    const queued: Socket[] = [];
    const lookup = lookupOf('127.0.0.1', '127.0.0.99');
    const send = createHttpClient({ lookup, connectTimeoutMs: 2 * PATIENCE_MS });
    try {
      await dropPackets(distant, '127.0.0.1', queued);
      const sent = poster(send, new URL(`http://many.test:${distant.port}/`))('abc');
      // Linux repeats the dropped packet a second after it was sent.
      await sleep(400);
      distant.resume();

      expect(await sent).toBe('cba');
    } finally {
      for (const socket of queued) socket.destroy();
      await distant.close();
    }
  });

  it.concurrent('each address of a host has its own time to connect, whatever those before it took', async () => {
    const servers = [await startThreadServer()];
    const queued: Socket[] = [];
    const port = servers[0]?.port ?? 0;
    const dead = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];
    const lookup = lookupOf(...dead, '127.0.0.1');
    const send = createHttpClient({ lookup, connectTimeoutMs: 800 });
    try {
      await Promise.all(
        dead.map(async (host) => {
          const server = await startThreadServer({ host, port });
          servers.push(server);
          await dropPackets(server, host, queued);
        }),
      );
      expect(await poster(send, new URL(`http://many.test:${port}/`))('abc')).toBe('cba');
    } finally {
      for (const socket of queued) socket.destroy();
      await Promise.all(servers.map((server) => server.close()));
    }
  });
});

describe('createHttpClient over a connection that was idle', () => {
  it('a response that arrived while frozen is not read as that to the next request', async () => {
    const server = await startThreadServer();
    const post = poster(createHttpClient(), server.url);
    try {
      for (let round = 0; round < 5; round++) {
        expect(await post('abc')).toBe('cba');
        server.freezeUntilStaleResponse();
        expect(await post('xyz')).toBe('zyx');
      }
    } finally {
      await server.close();
    }
  });

  it('a response that arrived on an idle connection is not read as that to the next request', async () => {
    const response = (text: string) =>
      `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
    const server = await startScriptedServer((connection) => [response(`from ${connection}`)]);
    const post = poster(createHttpClient(), server.url);
    try {
      expect(await post('abc')).toBe('from 1');
      const [first] = server.sockets;
      first?.write(response('stale'));
      if (first && !first.destroyed) await once(first, 'close');

      expect(await post('xyz')).toBe('from 2');
    } finally {
      await server.close();
    }
  });
});

describe('createHttpClient over connections that died in silence', () => {
  const response = (text: string) =>
    `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`;

  it('uses a connection that was idle for less than the limit, and opens a new one after it', async () => {
    const clock = { now: 0 };
    const server = await startScriptedServer((connection) => [response(`from ${connection}`)]);
    const post = poster(createHttpClient({ now: () => clock.now }), server.url);
    try {
      expect(await post('a')).toBe('from 1');
      clock.now += MAX_IDLE_SECONDS - 1;
      expect(await post('b')).toBe('from 1');
      clock.now += MAX_IDLE_SECONDS;
      expect(await post('c')).toBe('from 2');
    } finally {
      await server.close();
    }
  });

  it('fails no request after a freeze in which eight connections were forgotten', async () => {
    const clock = { now: 0 };
    const forgotten = new Set<number>();
    // Each of the first eight connections responds once. Later requests on it get no response.
    const server = await startScriptedServer((connection) => {
      if (forgotten.has(connection)) return [];
      if (connection <= 8) forgotten.add(connection);
      return [response(`from ${connection}`)];
    });
    const post = poster(createHttpClient({ now: () => clock.now }), server.url);
    const eight = () => Promise.all(Array.from({ length: 8 }, (_, index) => post(`${index}`)));
    try {
      await eight();
      expect(server.sockets).toHaveLength(8);
      clock.now += 600;

      for (const text of await eight())
        expect(Number(text.slice('from '.length))).toBeGreaterThan(8);
    } finally {
      await server.close();
    }
  });
});

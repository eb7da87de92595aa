import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { TLSSocket } from 'node:tls';

export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Number of its connection, from 1. */
  readonly connection: number;
  /** Common name of a trusted client certificate. */
  readonly clientName: string | undefined;
}

export type Answer = (response: ServerResponse, request: ReceivedRequest) => void | Promise<void>;

/** HTTP or HTTPS server on loopback with configurable responses, which records requests. */
export interface StubServer {
  readonly url: URL;
  readonly requests: ReceivedRequest[];
  readonly server: Server;
  answer(answer: Answer): void;
  /** Returns the number of requests without a response. */
  pending(): number;
  /** Closes idle connections. */
  closeIdleConnections(): void;
  close(): Promise<void>;
}

/**
 * Starts a stub server.
 *
 * @param tls options of an HTTPS server. Default: HTTP.
 */
export async function startStubServer(
  path: string,
  first: Answer,
  tls?: ServerOptions,
): Promise<StubServer> {
  let answer = first;
  let connections = 0;
  let pending = 0;
  const numbers = new WeakMap<object, number>();
  const requests: ReceivedRequest[] = [];
  const receive = async (incoming: IncomingMessage, response: ServerResponse) => {
    pending += 1;
    response.on('close', () => {
      pending -= 1;
    });
    const received = {
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      body: await textOf(incoming),
      connection: numbers.get(incoming.socket) ?? 0,
      clientName: clientName(incoming.socket),
    };
    requests.push(received);
    await answer(response, received);
  };
  const server = tls ? createTlsServer(tls, receive) : createServer(receive);
  // A process under load would use a connection that the server is closing.
  server.keepAliveTimeout = 60_000;
  server.on(tls ? 'secureConnection' : 'connection', (socket) => {
    connections += 1;
    numbers.set(socket, connections);
  });
  return {
    url: new URL(path, (await listening(server)).replace('http:', tls ? 'https:' : 'http:')),
    requests,
    server,
    answer(next) {
      answer = next;
    },
    pending: () => pending,
    closeIdleConnections: () => server.closeIdleConnections(),
    close: () => stopped(server),
  };
}

/**
 * Starts a TCP server that sends the same bytes on each connection after its first data, and then calls `end`.
 * `connections` returns the number of connections.
 */
export async function startRawServer(
  bytes: string,
  end: (socket: Socket) => void = () => undefined,
) {
  const open = new Set<Socket>();
  let connections = 0;
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    socket.once('data', () => socket.write(bytes, () => end(socket)));
  });
  return {
    url: new URL(await listening(server)),
    connections: () => connections,
    close: () => {
      for (const socket of open) socket.destroy();
      return stopped(server);
    },
  };
}

/** Starts a table that has no items and takes every write, but stores nothing. */
export function startEmptyTable(): Promise<StubServer> {
  return startStubServer('/', (response) => void response.end('{}'));
}

/** Returns a URL on whose port no server listens. */
export async function deserted(): Promise<URL> {
  const server = createTcpServer();
  const url = new URL(await listening(server));
  await stopped(server);
  return url;
}

export async function listening(server: TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function stopped(server: TcpServer): Promise<void> {
  if (!server.listening) return;
  await new Promise((resolve) => {
    server.close(resolve);
    if ('closeAllConnections' in server) (server as Server).closeAllConnections();
  });
}

function clientName(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : undefined;
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

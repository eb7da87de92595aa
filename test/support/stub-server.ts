import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer,
} from 'node:net';

export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Number of the connection it came over, from 1. */
  readonly connection: number;
}

export type Answer = (response: ServerResponse, request: ReceivedRequest) => void | Promise<void>;

/** A real HTTP server on loopback that keeps what it received and answers as it is told. */
export interface StubServer {
  readonly url: URL;
  readonly requests: ReceivedRequest[];
  readonly server: Server;
  answer(answer: Answer): void;
  /** Closes the connections that no request uses. */
  closeIdleConnections(): void;
  close(): Promise<void>;
}

export async function startStubServer(path: string, first: Answer): Promise<StubServer> {
  let answer = first;
  let connections = 0;
  const numbers = new WeakMap<object, number>();
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const received = {
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      body: await textOf(incoming),
      connection: numbers.get(incoming.socket) ?? 0,
    };
    requests.push(received);
    await answer(response, received);
  });
  server.on('connection', (socket) => {
    connections += 1;
    numbers.set(socket, connections);
  });
  return {
    url: new URL(path, await listening(server)),
    requests,
    server,
    answer(next) {
      answer = next;
    },
    closeIdleConnections: () => server.closeIdleConnections(),
    close: () => stopped(server),
  };
}

/** Sends the same bytes to whoever connects, as soon as they send something. */
export async function startRawServer(bytes: string) {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(bytes));
  });
  return { url: new URL(await listening(server)), close: () => stopped(server) };
}

/** A URL on which nothing listens. */
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

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

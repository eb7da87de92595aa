import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Listens on a free loopback port and keeps connections, as AWS does. Returns the URL. */
export async function listen(server: Server, protocol = 'http'): Promise<string> {
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Requests and connections of a service since it started. */
export interface Counts {
  requests: number;
  connections: number;
}

/** Service on loopback, which responds after a delay. */
export interface Service {
  readonly url: string;
  readonly counts: Readonly<Counts>;
  /** Sets the time from a request to its response, in milliseconds. */
  delay(milliseconds: number): void;
}

/** Starts a service: over TLS with a certificate, otherwise over plain HTTP. */
export async function serve(listener: RequestListener, tls?: ServerOptions): Promise<Service> {
  const counts: Counts = { requests: 0, connections: 0 };
  let delayMs = 0;
  const receive: RequestListener = (request, response) => {
    counts.requests += 1;
    if (delayMs === 0) listener(request, response);
    else setTimeout(() => listener(request, response), delayMs);
  };
  const server = tls ? createTlsServer(tls, receive) : createServer(receive);
  server.on('connection', () => {
    counts.connections += 1;
  });
  const url = await listen(server, tls ? 'https' : 'http');
  return {
    url,
    counts,
    delay(milliseconds) {
      delayMs = milliseconds;
    },
  };
}

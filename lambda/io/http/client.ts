import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { HttpResponse } from '../../core/introspection-response';
import { type ConnectionOptions, createAgents, type TlsOptions } from './agents';
import { decodeBody } from './decode-body';
import { exchange } from './exchange';

export type { TlsOptions } from './agents';

/** Maximum length of a response's body unless a request allows more, in bytes. */
export const MAX_RESPONSE_BYTES = 65_536;

/** Maximum time for connecting to one address of a server, TLS included, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 1000;

export interface HttpClientOptions extends TlsOptions, Partial<ConnectionOptions> {}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the exchange, wherever it is, when it aborts. */
  readonly signal: AbortSignal;
  /** @default - `MAX_RESPONSE_BYTES` */
  readonly maxResponseBytes?: number;
}

/** Sends a request. Rejects with an HttpError, or with the error of Node.js for the socket. */
export type HttpClient = (url: URL, request: HttpRequest) => Promise<HttpResponse>;

/**
 * Creates a client that keeps its connections. `node:http` follows no redirect and, unlike the built-in
 * `fetch`, costs nothing at a cold start and tells a connection that died while idle.
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, lookup, now, ...tls } = options;
  const agents = createAgents(tls, { connectTimeoutMs, lookup, now });

  return async function send(url, request) {
    const { method, headers, body = '', signal } = request;
    const { maxResponseBytes = MAX_RESPONSE_BYTES } = request;
    const secure = url.protocol === 'https:';
    const target = {
      // Brackets of IPv6 addresses belong to URLs only.
      hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port,
      path: url.pathname + url.search,
    };
    for (;;) {
      signal.throwIfAborted();
      const outgoing = (secure ? httpsRequest : httpRequest)({
        ...target,
        method,
        agent: secure ? agents.https() : agents.http(),
        headers: { ...headers, ...(body && { 'content-length': Buffer.byteLength(body) }) },
      });
      // Not handed to the request: Node.js would listen for its end in half a dozen ways, each time.
      const abort = () => outgoing.destroy(signal.reason);
      signal.addEventListener('abort', abort);
      try {
        const response = await exchange(outgoing, { body, maxResponseBytes, connectTimeoutMs });
        const coding = response.headers['content-encoding']?.toString();
        return { ...response, body: await decodeBody(response.body, coding, maxResponseBytes) };
      } catch (error) {
        // Lambda freezes the environment between invocations and the peer closes idle connections
        // meanwhile; such a request never reached it. Each failure removes one dead connection.
        // https://nodejs.org/api/http.html#requestreusedsocket
        const repeatable = !outgoing.writableEnded || isConnectionClosed(error);
        if (!outgoing.reusedSocket || signal.aborted || !repeatable) throw error;
      } finally {
        signal.removeEventListener('abort', abort);
      }
    }
  };
}

function isConnectionClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error
    ? error.code === 'ECONNRESET' || error.code === 'EPIPE'
    : false;
}

import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { invalidResponse } from '../core/errors';
import type { HttpResponse } from '../core/introspection-response';
import { decodeBody } from './decode-body';

/** A body beyond this many bytes is cut off: no answer we ask for is that long. */
export const MAX_RESPONSE_BYTES = 65_536;

/** How long a connection may take to be made, TLS included, in milliseconds. */
const CONNECT_TIMEOUT_MS = 1000;

/** What TLS connections trust and show. The server's certificate is always verified. */
export interface TlsOptions {
  /** PEM of the only authorities to trust; `undefined` for those that Node.js trusts. */
  readonly ca?: string | undefined;
  /** Our own certificate and its key, PEM. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the exchange, wherever it is, when it aborts. */
  readonly signal: AbortSignal;
}

export type HttpClient = (url: URL, request: HttpRequest) => Promise<HttpResponse>;

/**
 * Sends requests over kept-alive connections. `node:http` follows no redirect and, unlike the built-in
 * `fetch`, costs nothing at a cold start and tells a connection that died while idle.
 */
export function createHttpClient(tls: TlsOptions = {}): HttpClient {
  const agents = keepAgents(tls);

  return async function send(url, { method, headers, body = '', signal }) {
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
        const response = await exchange(outgoing, body);
        const coding = response.headers['content-encoding']?.toString();
        return { ...response, body: await decodeBody(response.body, coding, MAX_RESPONSE_BYTES) };
      } catch (error) {
        // Lambda freezes the environment between invocations and the peer closes idle connections
        // meanwhile; such a request never reached it. Each failure removes one dead connection.
        // https://nodejs.org/api/http.html#requestreusedsocket
        if (!outgoing.reusedSocket || signal.aborted || !isConnectionClosed(error)) throw error;
      } finally {
        signal.removeEventListener('abort', abort);
      }
    }
  };
}

/** Each is made when it is first needed; hardly anybody needs both. */
function keepAgents(tls: TlsOptions) {
  let [http, https]: [HttpAgent?, HttpsAgent?] = [];
  return {
    http() {
      http ??= new HttpAgent({ keepAlive: true });
      return http;
    },
    https() {
      // Said, although it is the default: an environment variable of Node.js could turn it off.
      https ??= new HttpsAgent({ keepAlive: true, ...tls, rejectUnauthorized: true });
      return https;
    },
  };
}

function exchange(outgoing: ClientRequest, body: string): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    limitConnecting(outgoing);
    // Unheard, it would end the connection and this exchange would never end.
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('the answer switches protocols'));
    });
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        chunks.push(chunk);
        if (length > MAX_RESPONSE_BYTES) {
          response.destroy(invalidResponse(`the answer exceeds ${MAX_RESPONSE_BYTES} bytes`));
        }
      });
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    outgoing.end(body);
  });
}

/** A host that drops packets is given up before the deadline, so that there is time to try again. */
function limitConnecting(outgoing: ClientRequest): void {
  outgoing.on('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => {
      const error = new Error(`no connection within ${CONNECT_TIMEOUT_MS} ms`);
      outgoing.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT_MS);
    const made = 'encrypted' in socket ? 'secureConnect' : 'connect';
    for (const event of [made, 'close']) socket.once(event, () => clearTimeout(timer));
  });
}

function isConnectionClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error
    ? error.code === 'ECONNRESET' || error.code === 'EPIPE'
    : false;
}

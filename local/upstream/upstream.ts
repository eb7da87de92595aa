import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { close, listen, type PortChoice } from '../http-server';
import { type PhantomTokenTrust, phantomTokenVerifier } from './phantom-token-verifier';

/** Request as the upstream API received it. */
interface ReceivedRequest {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Sample API behind the gateway. */
export interface Upstream {
  readonly url: URL;
  /** Returns the number of requests received. */
  calls(): number;
  lastRequest(): ReceivedRequest | undefined;
  /** Verifies from now on with other keys, such as those that a gateway publishes once it has started. */
  trust(trust: PhantomTokenTrust): void;
  close(): Promise<void>;
}

/**
 * Starts the sample API. `GET /health` is public. Other requests with a valid phantom token
 * get a response with the request and the claims of the token. Requests without one get 401.
 *
 * @param port default: a free one
 */
export async function startUpstream(
  trust: PhantomTokenTrust,
  port?: PortChoice,
): Promise<Upstream> {
  let verify = phantomTokenVerifier(trust);
  let calls = 0;
  let last: ReceivedRequest | undefined;

  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request;
    calls += 1;
    last = { method, url, headers };
    request.resume();
    if (method === 'GET' && url === '/health') return send(response, 200, { status: 'ok' });
    try {
      const token = await verify(headers);
      const { path, query } = split(url);
      return send(response, 200, { api: 'orders', method, path, query, token });
    } catch (error) {
      // Omit the message, which could quote the token.
      const { code: reason } = error as { code?: string };
      const message = 'No valid phantom token';
      return send(response, 401, { code: 'invalid_token', message, reason });
    }
  };
  const server = createServer(respond);
  return {
    url: await listen(server, port),
    calls: () => calls,
    lastRequest: () => last,
    trust(next) {
      verify = phantomTokenVerifier(next);
    },
    close: () => close(server),
  };
}

function split(url: string): { path: string; query: string } {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    // https://www.rfc-editor.org/rfc/rfc6750#section-3
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer error="invalid_token"' } : {}),
  });
  response.end(`${JSON.stringify(body)}\n`);
}

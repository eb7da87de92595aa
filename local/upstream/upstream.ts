import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { close, listen } from '../http-server';
import { type PhantomTokenTrust, phantomTokenVerifier } from './phantom-token-verifier';

interface UpstreamOptions extends PhantomTokenTrust {
  /** Default: a free port. */
  readonly port?: number;
}

/** A request as the upstream API received it. */
interface ReceivedRequest {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** A sample API behind the gateway, about orders. */
export interface Upstream {
  readonly url: URL;
  /** How many requests arrived. */
  calls(): number;
  lastRequest(): ReceivedRequest | undefined;
  close(): Promise<void>;
}

/**
 * Starts the sample API. `GET /health` answers everybody; everything else answers, to a request
 * with a valid phantom token, what was received and whom the token speaks of, and 401 otherwise.
 *
 * @throws PortTakenError when another program listens on the port.
 */
export async function startUpstream({ port = 0, ...trust }: UpstreamOptions): Promise<Upstream> {
  const verify = phantomTokenVerifier(trust);
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
      // Not the message, which might quote the token.
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

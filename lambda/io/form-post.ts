import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Fault } from '../core/errors';
import type { HttpResponse } from '../core/introspection-response';

/** A body beyond this many bytes is cut off: no introspection answer is that long. */
export const MAX_RESPONSE_BYTES = 65_536;

export interface FormPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
  /** Ends the exchange, wherever it is, when it aborts. */
  readonly signal: AbortSignal;
}

/**
 * Sends form posts to one URL over kept-alive connections. `node:http` follows no redirect and, unlike
 * the built-in `fetch`, costs nothing at a cold start and tells a connection that died while idle.
 */
export function createFormPost(url: URL): (post: FormPost) => Promise<HttpResponse> {
  const secure = url.protocol === 'https:';
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const request = secure ? httpsRequest : httpRequest;

  return async function postForm({ headers, form, signal }) {
    // Encoded as a form, so that nothing in a value can add a parameter.
    const body = Buffer.from(new URLSearchParams(form).toString());
    for (;;) {
      const outgoing = request(url, {
        method: 'POST',
        agent,
        signal,
        headers: {
          ...headers,
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': body.length,
        },
      });
      try {
        return await exchange(outgoing, body);
      } catch (error) {
        // Lambda freezes the environment between invocations and the peer closes idle connections
        // meanwhile; such a request never reached it. Each failure removes one dead connection.
        // https://nodejs.org/api/http.html#requestreusedsocket
        if (!outgoing.reusedSocket || signal.aborted || !isConnectionClosed(error)) throw error;
      }
    }
  };
}

function exchange(outgoing: ClientRequest, body: Buffer): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
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
          response.destroy(tooLarge());
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

function tooLarge(): Fault {
  return new Fault(
    'introspection_response_invalid',
    `the answer exceeds ${MAX_RESPONSE_BYTES} bytes`,
  );
}

function isConnectionClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error
    ? error.code === 'ECONNRESET' || error.code === 'EPIPE'
    : false;
}

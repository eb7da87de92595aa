import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpResponse } from '../../core/introspection-response';
import { markInUse } from './agents';
import { HttpError } from './error';

export interface ExchangeOptions {
  readonly body: string;
  /** Maximum length of the response's body, in bytes. */
  readonly maxResponseBytes: number;
  readonly connectTimeoutMs: number;
}

/** Statuses whose responses end at the empty line. @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
const WITHOUT_BODY = new Set([204, 304]);

/** Sends the body of a request that has its headers, and reads the response. */
export function exchange(outgoing: ClientRequest, options: ExchangeOptions): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('socket', (socket) => {
      markInUse(socket);
      limitConnecting(outgoing, socket, options.connectTimeoutMs);
      afterConnecting(socket, () => sendWhenSilent(outgoing, options.body));
    });
    // Without a listener Node.js closes the socket and this promise never settles.
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(malformed('the response switches protocols'));
    });
    outgoing.on('response', (response) => {
      response.on('error', reject);
      const refused = refusal(outgoing, response);
      if (refused !== undefined) {
        reject(refused);
        outgoing.destroy();
      } else if (WITHOUT_BODY.has(response.statusCode ?? 0)) {
        resolve(readHead(response));
      } else {
        readBody(response, options.maxResponseBytes, (whole) => {
          if (outgoing.writableFinished) resolve(whole);
          // Until then Node.js does not release the connection for the next request.
          else for (const event of ['finish', 'close']) outgoing.once(event, () => resolve(whole));
        });
      }
    });
  });
}

/**
 * Sends the request after the event loop has read what the connection holds. Lambda freezes the environment
 * between invocations: bytes that arrived meanwhile would otherwise be read as the response.
 * The second immediate runs after a whole poll phase.
 *
 * @see https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick
 */
function sendWhenSilent(outgoing: ClientRequest, body: string): void {
  const send = () => {
    if (!outgoing.destroyed) outgoing.end(body);
  };
  setImmediate(() => setImmediate(send));
}

function refusal(outgoing: ClientRequest, response: IncomingMessage): HttpError | undefined {
  const { statusCode: status = 0, headers } = response;
  if (!outgoing.writableEnded) {
    return malformed('the response began before the request was sent');
  }
  // Servers and load balancers send it before they close an idle connection.
  // https://www.rfc-editor.org/rfc/rfc9110#section-15.5.9
  if (status === 408 && outgoing.reusedSocket) {
    return new HttpError('connection_closed', 'the server closed the idle connection');
  }
  // Nothing tells a whole body from one that was cut off.
  if (!WITHOUT_BODY.has(status) && !isDelimited(headers)) {
    return malformed(`the response (status ${status}) has no length and is not chunked`);
  }
  return undefined;
}

/** Some servers announce a body all the same. Whether it follows or not, the connection is not kept. */
function readHead(response: IncomingMessage): HttpResponse {
  const { 'transfer-encoding': coding, 'content-length': length } = response.headers;
  if (coding !== undefined || Number(length ?? 0) > 0) response.destroy();
  else response.resume();
  return toResponse(response, Buffer.alloc(0));
}

function readBody(
  response: IncomingMessage,
  maxBytes: number,
  resolve: (response: HttpResponse) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    chunks.push(chunk);
    if (length > maxBytes) {
      const message = `the response exceeds ${maxBytes} bytes`;
      response.destroy(new HttpError('response_too_large', message));
    }
  });
  response.on('end', () => resolve(toResponse(response, Buffer.concat(chunks))));
}

function toResponse({ statusCode, headers }: IncomingMessage, body: Buffer): HttpResponse {
  return { status: statusCode ?? 0, headers, body };
}

function isDelimited(headers: IncomingHttpHeaders): boolean {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined) return /(^|,)\s*chunked\s*$/i.test(coding);
  return headers['content-length'] !== undefined;
}

/** Gives up a host that drops packets before the deadline, so that there is time for a retry. */
function limitConnecting(outgoing: ClientRequest, socket: Socket, timeoutMs: number): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => {
    outgoing.destroy(new HttpError('connect_timeout', `no connection within ${timeoutMs} ms`));
  }, timeoutMs);
  // Each address of the host has its own time.
  socket.on('connectionAttempt', () => timer.refresh());
  for (const event of [connectedEvent(socket), 'close']) {
    socket.once(event, () => clearTimeout(timer));
  }
}

function afterConnecting(socket: Socket, act: () => void): void {
  if (socket.connecting) socket.once(connectedEvent(socket), act);
  else act();
}

function connectedEvent(socket: Socket): string {
  return 'encrypted' in socket ? 'secureConnect' : 'connect';
}

function malformed(message: string): HttpError {
  return new HttpError('response_malformed', message);
}

import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { readBody } from '../request/body';
import { clientCertificate } from '../request/client-certificate';
import type { LimitExceeded } from '../request/limits';
import { type HeaderField, type HttpRequest, headerFields } from '../request/message';
import { withForwardingHeaders } from './forwarding-headers';

/** Differences between the kinds of API in how they read a request. */
export interface RequestParser {
  /** Returns the effective method. */
  method(sent: string, headers: readonly HeaderField[]): string;
  /** Returns the limit that the request line or the headers exceed, if any. */
  limitExceeded(requestLine: string, headers: readonly HeaderField[]): LimitExceeded | undefined;
}

/** Reads a request. The body of a request that exceeds a limit is empty. */
export async function readRequest(
  message: IncomingMessage,
  receivedAtMs: number,
  parser: RequestParser,
): Promise<{ readonly request: HttpRequest; readonly limitExceeded?: LimitExceeded }> {
  const headers = headerFields(message.rawHeaders);
  const target = message.url ?? '/';
  const method = message.method ?? 'GET';
  const protocol = `HTTP/${message.httpVersion}`;
  const queryStart = target.indexOf('?');
  const sentPath = queryStart < 0 ? target : target.slice(0, queryStart);
  const { remoteAddress: sourceIp = '127.0.0.1', localPort } = message.socket;
  const isEncrypted = message.socket instanceof TLSSocket;
  const certificate = clientCertificate(message.socket);
  const request = {
    method: parser.method(method, headers),
    sentPath,
    path: sentPath,
    query: queryStart < 0 ? '' : target.slice(queryStart + 1),
    headers: withForwardingHeaders(headers, {
      ...{ sourceIp, localPort, isEncrypted, receivedAtMs },
    }),
    body: Buffer.alloc(0),
    protocol,
    sourceIp,
    ...(certificate && { clientCertificate: certificate }),
  };
  const limitExceeded = parser.limitExceeded(`${method} ${target} ${protocol}`, headers);
  if (limitExceeded) return { request, limitExceeded };
  const body = await readBody(message);
  return body === 'too-large'
    ? { request, limitExceeded: 'body-too-large' }
    : { request: { ...request, body } };
}

/** Returns the size of all header values as sent, in bytes. */
export function headerValueBytes(headers: readonly HeaderField[]): number {
  // Node.js decodes header values as Latin-1: one character is one byte.
  return headers.reduce((sum, [, value]) => sum + value.length, 0);
}

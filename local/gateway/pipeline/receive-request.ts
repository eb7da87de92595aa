import type { IncomingMessage } from 'node:http';
import { readBody } from '../request/body';
import { type GatewayRequest, type HeaderField, headerFields } from '../request/message';

/** Why a request is refused before the API's own configuration has any say. */
export type LimitExceeded = 'headers-too-large' | 'body-too-large' | 'uri-too-long';

/** What the front ends of the two kinds of API do differently with a request that arrives. */
export interface RequestParser {
  /** The method that counts. */
  method(sent: string, headers: readonly HeaderField[]): string;
  /** The headers as authorizer, mappings and integrations see them. */
  headers(sent: readonly HeaderField[], connection: Connection): readonly HeaderField[];
  /** Checks the size of the head, as the client sent it. */
  refuse(requestLine: string, headers: readonly HeaderField[]): LimitExceeded | undefined;
}

export interface Connection {
  readonly sourceIp: string;
  readonly localPort: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Reads a request as API Gateway's front end does. */
export async function receive(
  message: IncomingMessage,
  now: number,
  frontEnd: RequestParser,
): Promise<{ readonly request: GatewayRequest; readonly refusal?: LimitExceeded }> {
  const headers = headerFields(message.rawHeaders);
  const target = message.url ?? '/';
  const method = message.method ?? 'GET';
  const protocol = `HTTP/${message.httpVersion}`;
  const queryStart = target.indexOf('?');
  const { remoteAddress: sourceIp = '127.0.0.1', localPort } = message.socket;
  const request = {
    method: frontEnd.method(method, headers),
    path: queryStart < 0 ? target : target.slice(0, queryStart),
    query: queryStart < 0 ? '' : target.slice(queryStart + 1),
    headers: frontEnd.headers(headers, { sourceIp, localPort, now }),
    body: Buffer.alloc(0),
    protocol,
    sourceIp,
  };
  const refusal = frontEnd.refuse(`${method} ${target} ${protocol}`, headers);
  if (refusal) return { request, refusal };
  const body = await readBody(message);
  return body === 'too-large'
    ? { request, refusal: 'body-too-large' }
    : { request: { ...request, body } };
}

/** The bytes of all header values as the client sent them. */
export function headerValueBytes(headers: readonly HeaderField[]): number {
  // Node decodes header values as Latin-1: one character is one byte on the wire.
  return headers.reduce((sum, [, value]) => sum + value.length, 0);
}

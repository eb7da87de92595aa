import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readBody } from './body';
import {
  type GatewayRequest,
  type HeaderField,
  headerFields,
  headerValues,
  withoutHeaders,
} from './message';

/**
 * The most that all header values of a request may hold together.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const headerLimitBytes = 10_240;

/** Why a request is refused before the API's own configuration has any say. */
export type Refusal = 'headers-too-large' | 'body-too-large';

const overridable = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Reads a request as API Gateway's front end does: limits, forwarding headers, method override. */
export async function receive(
  message: IncomingMessage,
  now: number,
): Promise<{ readonly request: GatewayRequest; readonly refusal?: Refusal }> {
  const headers = headerFields(message.rawHeaders);
  const target = message.url ?? '/';
  const queryStart = target.indexOf('?');
  const sourceIp = message.socket.remoteAddress ?? '127.0.0.1';
  const request = {
    method: effectiveMethod(message.method ?? 'GET', headers),
    path: queryStart < 0 ? target : target.slice(0, queryStart),
    query: queryStart < 0 ? '' : target.slice(queryStart + 1),
    headers: withForwarding(headers, sourceIp, message.socket.localPort, now),
    body: Buffer.alloc(0),
    protocol: `HTTP/${message.httpVersion}`,
    sourceIp,
  };
  if (headerBytes(headers) > headerLimitBytes) return { request, refusal: 'headers-too-large' };
  const body = await readBody(message);
  return body === 'too-large'
    ? { request, refusal: 'body-too-large' }
    : { request: { ...request, body } };
}

/**
 * "When sending requests to an API by passing the X-HTTP-Method-Override header, API Gateway
 * overrides the method."
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
function effectiveMethod(method: string, headers: readonly HeaderField[]): string {
  const override = headerValues(headers, 'X-HTTP-Method-Override')[0]?.toUpperCase();
  return override && overridable.includes(override) ? override : method;
}

/** Counted as the client sent them, the values only. */
function headerBytes(headers: readonly HeaderField[]): number {
  // Node decodes header values as Latin-1: one character is one byte on the wire.
  return headers.reduce((sum, [, value]) => sum + value.length, 0);
}

/**
 * The authorizer, the mappings and the upstream all see the client's headers with these added.
 * The scheme and port are the real ones of the local listener, not AWS's constant https and 443.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
function withForwarding(
  headers: readonly HeaderField[],
  sourceIp: string,
  port: number | undefined,
  now: number,
): readonly HeaderField[] {
  const traced = headerValues(headers, 'X-Amzn-Trace-Id').length > 0;
  const root = `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  return [
    ...withoutHeaders(headers, ['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto']),
    ['X-Forwarded-For', [...headerValues(headers, 'X-Forwarded-For'), sourceIp].join(', ')],
    ['X-Forwarded-Port', String(port)],
    ['X-Forwarded-Proto', 'http'],
    ...(traced ? [] : [['X-Amzn-Trace-Id', root] as const]),
  ];
}

import { randomBytes } from 'node:crypto';
import { type HeaderField, headerValues, withoutHeaders } from '../request/message';
import type { Connection } from './receive-request';

/**
 * The client's headers with those that tell of the connection. The scheme and port are the real ones
 * of the local listener, not AWS's constant https and 443.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function withForwarding(
  headers: readonly HeaderField[],
  { sourceIp, localPort, now }: Connection,
): readonly HeaderField[] {
  const traced = headerValues(headers, 'X-Amzn-Trace-Id').length > 0;
  const root = `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  return [
    ...withoutHeaders(headers, ['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto']),
    ['X-Forwarded-For', [...headerValues(headers, 'X-Forwarded-For'), sourceIp].join(', ')],
    ['X-Forwarded-Port', String(localPort)],
    ['X-Forwarded-Proto', 'http'],
    ...(traced ? [] : [['X-Amzn-Trace-Id', root] as const]),
  ];
}

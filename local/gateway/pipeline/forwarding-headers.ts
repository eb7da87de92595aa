import { randomBytes } from 'node:crypto';
import { type HeaderField, headerValues, withoutHeaders } from '../request/message';

/** Connection on which a request arrived. */
interface Connection {
  readonly sourceIp: string;
  readonly localPort: number | undefined;
  readonly isEncrypted: boolean;
  readonly receivedAtMs: number;
}

/**
 * Adds the headers that describe the connection. Scheme and port are those of the local listener; on AWS
 * they are always https and 443.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function withForwardingHeaders(
  headers: readonly HeaderField[],
  { sourceIp, localPort, isEncrypted, receivedAtMs }: Connection,
): readonly HeaderField[] {
  const traced = headerValues(headers, 'X-Amzn-Trace-Id').length > 0;
  const epochSeconds = Math.floor(receivedAtMs / 1000);
  const root = `Root=1-${epochSeconds.toString(16)}-${randomBytes(12).toString('hex')}`;
  return [
    ...withoutHeaders(headers, ['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto']),
    ['X-Forwarded-For', [...headerValues(headers, 'X-Forwarded-For'), sourceIp].join(', ')],
    ['X-Forwarded-Port', String(localPort)],
    ['X-Forwarded-Proto', isEncrypted ? 'https' : 'http'],
    ...(traced ? [] : [['X-Amzn-Trace-Id', root] as const]),
  ];
}

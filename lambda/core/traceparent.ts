import { headerValues, type RequestHeaders } from './request-headers';

/** Length of version 00, with which values of later versions begin. */
const LENGTH = 55;

/**
 * Version other than ff, trace ID and parent ID other than zero, and flags. Later versions can have more, which
 * version 00 cannot.
 */
const TRACEPARENT =
  /^(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;

/**
 * Returns the trace context of a request, by which its log lines can be found; `undefined` if the client sends none,
 * several, or an invalid one. It is bounded and safe in any log.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function readTraceparent(request: RequestHeaders): string | undefined {
  const [value, ...others] = headerValues(request, 'traceparent');
  if (value === undefined || others.length > 0 || !TRACEPARENT.test(value)) return undefined;
  return value.slice(0, LENGTH);
}

import type { HeaderField } from '../../request/message';

/**
 * Headers that an HTTP proxy integration does not pass to the upstream. `Authorization` is passed unless a
 * mapping replaces it or it is an AWS signature.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
const DROPPED_FROM_REQUESTS = new Set([
  'content-encoding',
  'content-md5',
  'expect',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'www-authenticate',
  'x-http-method-override',
  // Headers of one connection (RFC 9110 section 7.6.1). AWS lists Connection as passed through.
  'connection',
  'keep-alive',
  'proxy-connection',
  // Derived from the body.
  'content-length',
]);

const DROPPED_FROM_RESPONSES = new Set([
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/** Headers that reach the client as `X-Amzn-Remapped-<name>`. */
const REMAPPED_IN_RESPONSES = new Set([
  'authorization',
  'connection',
  'content-md5',
  'date',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
]);

/** Returns the client's headers that an HTTP proxy integration passes to the upstream. */
export function requestHeaders(headers: readonly HeaderField[]): readonly HeaderField[] {
  return headers.filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (lower === 'authorization') return !value.startsWith('AWS4-');
    return !DROPPED_FROM_REQUESTS.has(lower);
  });
}

/** Returns the upstream's headers as the client receives them, with a content type. */
export function responseHeaders(headers: readonly HeaderField[]): readonly HeaderField[] {
  const passed = headers
    .filter(([name]) => !DROPPED_FROM_RESPONSES.has(name.toLowerCase()))
    .map(([name, value]): HeaderField => {
      const remapped = REMAPPED_IN_RESPONSES.has(name.toLowerCase());
      return [remapped ? `x-amzn-Remapped-${name}` : name, value];
    });
  return withContentType(passed);
}

/** Adds the default content type: "API Gateway includes a Content-Type header for all integration responses." */
export function withContentType(headers: readonly HeaderField[]): readonly HeaderField[] {
  const given = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return given ? headers : [...headers, ['Content-Type', 'application/json']];
}

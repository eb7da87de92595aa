import type { HeaderField } from '../../request/message';

/**
 * Headers that an HTTP proxy integration does not pass to the upstream. `Authorization` passes
 * unless a mapping replaces it or it is a signature of AWS's own.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
const droppedFromRequests = new Set([
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
  // Of one connection only, and the connection to the upstream is another one (RFC 9110 section
  // 7.6.1). AWS lists Connection as passed through.
  'connection',
  'keep-alive',
  'proxy-connection',
  // Made anew from the body.
  'content-length',
]);

const droppedFromResponses = new Set([
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

/** These reach the client as `X-Amzn-Remapped-<name>`. */
const remappedInResponses = new Set([
  'authorization',
  'connection',
  'content-md5',
  'date',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
]);

/** The client's headers as far as an HTTP proxy integration passes them on. */
export function requestHeaders(headers: readonly HeaderField[]): readonly HeaderField[] {
  return headers.filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (lower === 'authorization') return !value.startsWith('AWS4-');
    return !droppedFromRequests.has(lower);
  });
}

/** The upstream's headers as the client gets them; every response has a content type. */
export function responseHeaders(headers: readonly HeaderField[]): readonly HeaderField[] {
  const passed = headers
    .filter(([name]) => !droppedFromResponses.has(name.toLowerCase()))
    .map(([name, value]): HeaderField => {
      const remapped = remappedInResponses.has(name.toLowerCase());
      return [remapped ? `x-amzn-Remapped-${name}` : name, value];
    });
  return withContentType(passed);
}

/** "API Gateway includes a Content-Type header for all integration responses." */
export function withContentType(headers: readonly HeaderField[]): readonly HeaderField[] {
  const given = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return given ? headers : [...headers, ['Content-Type', 'application/json']];
}

import { type HeaderField, withoutHeaders } from '../../request/message';

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

/**
 * Headers that the event of a Lambda proxy integration does not have. Those of authorizers are not
 * recorded.
 *
 * @see https://github.com/localstack/localstack/blob/main/tests/aws/services/apigateway/test_apigateway_integrations.snapshot.json test_apigateway_header_remapping_aws[AWS_PROXY]
 */
const DROPPED_FROM_EVENTS = [
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
];

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

/**
 * Headers that reach the client as `X-Amzn-Remapped-<name>`.
 *
 * @see https://github.com/localstack/localstack/blob/main/tests/aws/services/apigateway/test_apigateway_http.snapshot.json test_http_integration_with_lambda[HTTP_PROXY]
 */
const REMAPPED_IN_RESPONSES = new Set([
  'authorization',
  'connection',
  'content-md5',
  'date',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
  'x-amzn-requestid',
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
    .flatMap(([name, value]): readonly HeaderField[] => {
      const lower = name.toLowerCase();
      const remapped: HeaderField = [`x-amzn-Remapped-${name}`, value];
      // The length of the body is also sent as such.
      if (lower === 'content-length') return [[name, value], remapped];
      return [REMAPPED_IN_RESPONSES.has(lower) ? remapped : [name, value]];
    });
  return withContentType(passed);
}

/** Returns the client's headers that the event of a Lambda proxy integration has. */
export function eventHeaders(headers: readonly HeaderField[]): readonly HeaderField[] {
  return withoutHeaders(headers, DROPPED_FROM_EVENTS);
}

/** Adds the default content type: "API Gateway includes a Content-Type header for all integration responses." */
export function withContentType(headers: readonly HeaderField[]): readonly HeaderField[] {
  const given = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return given ? headers : [...headers, ['Content-Type', 'application/json']];
}

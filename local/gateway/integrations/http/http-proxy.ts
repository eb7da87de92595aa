import type { HttpProxy } from '../../definition/http/http-proxy';
import type { MappedValue } from '../../definition/http/parameter-mapping';
import type { HttpApiFailure } from '../../definition/http/response-types';
import type { InvocationContext } from '../../request/invocation-context';
import {
  type HeaderField,
  type HttpResponse,
  headerValues,
  withoutHeaders,
} from '../../request/message';
import { encodePath } from '../../request/path';
import { sourceValue, type ValueSource } from '../../request/value-source';
import type { Upstream, UpstreamFault, UpstreamRequest } from '../upstream';
import { mapHeaders, mapQuery } from './parameter-mapping';

const FAILURES: Readonly<Record<UpstreamFault, Required<Omit<HttpApiFailure, 'message'>>>> = {
  timeout: { responseType: 'INTEGRATION_TIMEOUT', fault: 'timed out' },
  unreachable: {
    responseType: 'INTEGRATION_FAILURE',
    fault: 'could not be reached or closed the connection',
  },
  'too-large': { responseType: 'DEFAULT_5XX', fault: 'sent a response body of more than 10 MB' },
  invalid: {
    responseType: 'API_CONFIGURATION_ERROR',
    fault: 'was not called: a mapped value is not valid in an HTTP request',
  },
};

/** Headers of one connection (RFC 9110 section 7.6.1), or derived from the body. */
const CONNECTION_HEADERS = [
  'Connection',
  'Content-Length',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
];

/** Sends the request to the upstream and returns its response. */
export async function callHttpProxy(
  integration: HttpProxy,
  context: InvocationContext,
  upstream: Upstream,
): Promise<HttpResponse | HttpApiFailure> {
  const response = await upstream.call(upstreamRequest(integration, context));
  if (typeof response === 'string') {
    const { responseType, fault } = FAILURES[response];
    return { responseType, fault: `the upstream ${integration.origin.origin} ${fault}` };
  }
  const dropped = CONNECTION_HEADERS.filter((name) => name !== 'Content-Length');
  return { ...response, headers: withoutHeaders(response.headers, dropped) };
}

function upstreamRequest(integration: HttpProxy, context: InvocationContext): UpstreamRequest {
  const { request } = context;
  const { mapping } = integration;
  const path = mapping.path
    ? overwrittenPath(mapping.path, context)
    : filledPath(integration, context);
  const query = mapQuery(request.query, mapping.querystring, context);
  return {
    origin: integration.origin,
    method: integration.httpMethod === 'ANY' ? request.method : integration.httpMethod,
    target: query ? `${path}?${query}` : path,
    headers: mapHeaders(forwardedHeaders(context), mapping.headers, context),
    body: request.body,
    timeoutMs: integration.timeoutMs,
  };
}

function filledPath({ pathTemplate, appendsPath }: HttpProxy, context: InvocationContext): string {
  const path = pathTemplate.replace(/\{([^}]*)\}/g, (_, name) =>
    pathText({ from: 'path', name }, context),
  );
  return appendsPath ? `${path.replace(/\/$/, '')}${encodePath(context.request.path)}` : path;
}

function overwrittenPath(value: MappedValue, context: InvocationContext): string {
  const path = value.map((source) => pathText(source, context)).join('');
  return path.startsWith('/') ? path : `/${path}`;
}

/**
 * Returns the text of a source within a path. Parts of the request path have been decoded: "API Gateway
 * decodes URL-encoded request parameters before passing them to your backend integration." Here they are
 * encoded again where a path requires it, so that a slash that the client encoded is a plain one.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
function pathText(source: ValueSource, context: InvocationContext): string {
  const value = sourceValue(source, context) ?? '';
  if (source.from === 'literal') return value;
  return ['path', 'requestPath'].includes(source.from)
    ? encodePath(value)
    : encodeURIComponent(value);
}

/**
 * Returns the client's headers, which include `Authorization`: "HTTP APIs translate incoming
 * X-Forwarded-* headers to a standard Forwarded header, and append the egress IP, Host, and protocol."
 * `Via` names API Gateway, as in captured requests.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
function forwardedHeaders({ request }: InvocationContext): readonly HeaderField[] {
  const { headers } = request;
  const [host] = headerValues(headers, 'Host');
  const clients = headerValues(headers, 'X-Forwarded-For').join(',').split(',');
  const elements = [
    ...headerValues(headers, 'Forwarded'),
    ...clients.slice(0, -1).map((client) => `for=${client.trim()}`),
    `by=127.0.0.1;for=${request.sourceIp};host=${host};proto=http`,
  ];
  const passed = headers.filter(([name]) => !/^x-forwarded-/i.test(name));
  return [
    ...withoutHeaders(passed, [...CONNECTION_HEADERS, 'Forwarded', 'Host']),
    ['Forwarded', elements.join(',')],
    ['Via', 'HTTP/1.1 AmazonAPIGateway'],
  ];
}

import type { HttpProxy } from '../../definition/http/http-proxy';
import { type MappedValue, mapHeaders, mapQuery } from '../../definition/http/parameter-mapping';
import {
  type GatewayResponse,
  type HeaderField,
  headerValues,
  withoutHeaders,
} from '../../request/message';
import type { HttpFailure } from '../../pipeline/http/error-response';
import type { InvocationContext } from '../../request/invocation-context';
import { sourceValue, type ValueSource } from '../../request/value-source';
import type { Upstream, UpstreamFault, UpstreamRequest } from '../upstream';

const failures: Readonly<Record<UpstreamFault, Required<HttpFailure>>> = {
  timeout: { errorType: 'INTEGRATION_TIMEOUT', fault: 'did not answer in time' },
  unreachable: { errorType: 'INTEGRATION_FAILURE', fault: 'did not answer' },
  'too-large': { errorType: 'DEFAULT_5XX', fault: 'answered with more than 10 MB' },
  invalid: {
    errorType: 'API_CONFIGURATION_ERROR',
    fault: 'was not called: a mapped value cannot stand in an HTTP request',
  },
};

/** Of one connection only (RFC 9110 section 7.6.1), or made anew from the body. */
const connectionHeaders = [
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

/** Passes the request to the upstream, and its response back. */
export async function proxy(
  integration: HttpProxy,
  exchange: InvocationContext,
  upstream: Upstream,
): Promise<GatewayResponse | HttpFailure> {
  const response = await upstream.call(upstreamRequest(integration, exchange));
  if (typeof response === 'string') {
    const { errorType, fault } = failures[response];
    return { errorType, fault: `the upstream ${integration.origin.origin} ${fault}` };
  }
  const kept = connectionHeaders.filter((name) => name !== 'Content-Length');
  return { ...response, headers: withoutHeaders(response.headers, kept) };
}

function upstreamRequest(integration: HttpProxy, exchange: InvocationContext): UpstreamRequest {
  const { request } = exchange;
  const { mapping } = integration;
  const path = mapping.path
    ? overwrittenPath(mapping.path, exchange)
    : filledPath(integration, exchange);
  const query = mapQuery(request.query, mapping.querystring, exchange);
  return {
    origin: integration.origin,
    method: integration.httpMethod === 'ANY' ? request.method : integration.httpMethod,
    target: query ? `${path}?${query}` : path,
    headers: mapHeaders(forwarded(exchange), mapping.headers, exchange),
    body: request.body,
    timeoutMillis: integration.timeoutMillis,
  };
}

function filledPath({ pathTemplate, appendsPath }: HttpProxy, exchange: InvocationContext): string {
  const path = pathTemplate.replace(/\{([^}]*)\}/g, (_, name) =>
    pathText({ from: 'path', name }, exchange),
  );
  return appendsPath ? `${path.replace(/\/$/, '')}${exchange.request.path}` : path;
}

function overwrittenPath(value: MappedValue, exchange: InvocationContext): string {
  const path = value.map((source) => pathText(source, exchange)).join('');
  return path.startsWith('/') ? path : `/${path}`;
}

/**
 * Parts of the path go on exactly as the client encoded them. AWS says that it decodes parameters
 * before it passes them on; where that changes a path, the unchanged one is the safer to test against.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
function pathText(source: ValueSource, exchange: InvocationContext): string {
  const value = sourceValue(source, exchange) ?? '';
  const verbatim = ['literal', 'path', 'requestPath'].includes(source.from);
  return verbatim ? value : encodeURIComponent(value);
}

/**
 * The client's headers, `Authorization` among them: "HTTP APIs translate incoming X-Forwarded-*
 * headers to a standard Forwarded header, and append the egress IP, Host, and protocol."
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
function forwarded({ request }: InvocationContext): readonly HeaderField[] {
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
    ...withoutHeaders(passed, [...connectionHeaders, 'Forwarded', 'Host']),
    ['Forwarded', elements.join(',')],
  ];
}

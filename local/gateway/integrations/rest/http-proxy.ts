import type { HttpProxy } from '../../definition/rest/http-proxy';
import { type GatewayResponse, type HeaderField, withoutHeaders } from '../../request/message';
import type { InvocationContext } from '../../request/invocation-context';
import type { Failure } from '../../pipeline/rest/gateway-response';
import { sourceValue } from '../../request/value-source';
import type { Upstream, UpstreamFault, UpstreamRequest } from '../upstream';
import { requestHeaders, responseHeaders } from './header-rules';

const failures: Readonly<Record<UpstreamFault, Failure>> = {
  timeout: { responseType: 'INTEGRATION_TIMEOUT', fault: 'did not answer in time' },
  unreachable: { responseType: 'INTEGRATION_FAILURE', fault: 'did not answer' },
  'too-large': {
    responseType: 'INTEGRATION_FAILURE',
    message: 'Internal server error',
    fault: 'answered with more than 10 MB',
  },
  invalid: {
    responseType: 'API_CONFIGURATION_ERROR',
    fault: 'was not called: a mapped value cannot stand in an HTTP request',
  },
};

/** Passes the request to the upstream, and its response back. */
export async function proxy(
  integration: HttpProxy,
  exchange: InvocationContext,
  upstream: Upstream,
): Promise<GatewayResponse | Failure> {
  const response = await upstream.call(upstreamRequest(integration, exchange));
  if (typeof response === 'string') {
    const failure = failures[response];
    return { ...failure, fault: `the upstream ${integration.origin.origin} ${failure.fault}` };
  }
  return { ...response, headers: responseHeaders(response.headers) };
}

function upstreamRequest(integration: HttpProxy, exchange: InvocationContext): UpstreamRequest {
  const { request } = exchange;
  const path = integration.pathTemplate.replace(/\{([^}]*)\}/g, (_, name) => {
    const source = integration.pathMappings.get(name);
    return source ? pathText(source, exchange) : '';
  });
  return {
    origin: integration.origin,
    method: integration.httpMethod === 'ANY' ? request.method : integration.httpMethod,
    target: request.query ? `${path}?${request.query}` : path,
    headers: mappedHeaders(integration, exchange),
    body: request.body,
    timeoutMillis: integration.timeoutMillis,
  };
}

/**
 * A path parameter goes on exactly as the client encoded it. AWS says that it decodes parameters and
 * encodes them again; where that changes a path, the unchanged one is the safer to test against.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
function pathText(source: Parameters<typeof sourceValue>[0], exchange: InvocationContext): string {
  const value = sourceValue(source, exchange) ?? '';
  return source.from === 'path' ? value : encodeURIComponent(value);
}

/**
 * A mapped header replaces every field of that name, whatever its case. When its source has no value
 * the header is not sent at all: what AWS does then is not documented, and the client's own value
 * must never stand where the upstream expects the gateway's.
 */
function mappedHeaders(
  integration: HttpProxy,
  exchange: InvocationContext,
): readonly HeaderField[] {
  const names = integration.headerMappings.map(([name]) => name);
  const mapped = integration.headerMappings.flatMap(([name, source]) => {
    const value = sourceValue(source, exchange);
    return value === undefined ? [] : [[name, value] as const];
  });
  return [...withoutHeaders(requestHeaders(exchange.request.headers), names), ...mapped];
}

import type { HttpProxy } from '../../definition/rest/http-proxy';
import type { RestApiFailure } from '../../definition/rest/response-types';
import type { InvocationContext } from '../../request/invocation-context';
import {
  type HeaderField,
  type HttpResponse,
  type StreamedResponse,
  withoutHeaders,
} from '../../request/message';
import { sourceValue, type ValueSource } from '../../request/value-source';
import {
  StreamError,
  type StreamFault,
  type StreamLimits,
  type Upstream,
  type UpstreamFault,
  type UpstreamRequest,
} from '../upstream';
import { limitBandwidth } from './bandwidth';
import { requestHeaders, responseHeaders } from './header-rules';

/** Header by which an upstream can recognize the API. */
const API_ID_HEADER = 'X-Amzn-Apigateway-Api-Id';

/** Headers that API Gateway drops although they are mapped. */
const DROPPED_WHEN_MAPPED = ['connection', 'expect', 'proxy-authenticate', 'te', 'via'];

const FAILURES: Readonly<Record<UpstreamFault | StreamFault, RestApiFailure>> = {
  timeout: { responseType: 'INTEGRATION_TIMEOUT', fault: 'timed out' },
  idle: { responseType: 'INTEGRATION_TIMEOUT', fault: 'sent nothing for the idle timeout' },
  disconnected: {
    responseType: 'INTEGRATION_FAILURE',
    fault: 'was called for a client that disconnected',
  },
  unreachable: {
    responseType: 'INTEGRATION_FAILURE',
    fault: 'could not be reached or closed the connection',
  },
  'too-large': {
    responseType: 'INTEGRATION_FAILURE',
    message: 'Internal server error',
    fault: 'sent a response body of more than 10 MB',
  },
  invalid: {
    responseType: 'API_CONFIGURATION_ERROR',
    fault: 'was not called: a mapped value is not valid in an HTTP request',
  },
};

/** Sends the request to the upstream and returns its response. */
export async function callHttpProxy(
  integration: HttpProxy,
  context: InvocationContext,
  upstream: Upstream,
): Promise<HttpResponse | RestApiFailure> {
  const response = await upstream.call(upstreamRequest(integration, context));
  if (typeof response === 'string') return failureOf(integration, response);
  return { ...response, headers: responseHeaders(response.headers) };
}

/**
 * Sends the request to the upstream and returns the response when its headers have arrived. Response headers
 * are those of a response that is not streamed: AWS documents no difference.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-streaming-http.html
 */
export async function streamHttpProxy(
  integration: HttpProxy,
  context: InvocationContext,
  upstream: Upstream,
  limits: StreamLimits,
): Promise<StreamedResponse | RestApiFailure> {
  const response = await upstream.stream(upstreamRequest(integration, context), limits);
  if (typeof response === 'string') return failureOf(integration, response);
  const { status, headers, body } = response;
  return {
    status,
    headers: responseHeaders(headers),
    body: withCause(integration, limitBandwidth(body)),
  };
}

async function* withCause(integration: HttpProxy, body: AsyncIterable<Buffer>) {
  try {
    yield* body;
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    throw new Error(failureOf(integration, error.fault).fault, { cause: error });
  }
}

function failureOf({ origin }: HttpProxy, fault: UpstreamFault | StreamFault): RestApiFailure {
  const failure = FAILURES[fault];
  return { ...failure, fault: `the upstream ${origin.origin} ${failure.fault}` };
}

function upstreamRequest(integration: HttpProxy, context: InvocationContext): UpstreamRequest {
  const { request } = context;
  const path = integration.pathTemplate.replace(/\{([^}]*)\}/g, (_, name) => {
    const source = integration.pathMappings.get(name);
    return source ? pathText(source, context) : '';
  });
  return {
    origin: integration.origin,
    method: integration.httpMethod === 'ANY' ? request.method : integration.httpMethod,
    target: request.query ? `${path}?${upstreamQuery(request.query)}` : path,
    headers: mappedHeaders(integration, context),
    body: request.body,
    timeoutMs: integration.timeoutMs,
  };
}

/**
 * Returns the text of a source within a path. A path parameter keeps the client's encoding. AWS documents
 * that parameters are decoded and encoded again; where that changes a path, the unchanged path is the
 * safer one to test against.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
function pathText(source: ValueSource, context: InvocationContext): string {
  const value = sourceValue(source, context) ?? '';
  return source.from === 'path' ? value : encodeURIComponent(value);
}

/**
 * Returns the query string for the upstream. AWS decodes it and encodes it again, so that an encoded slash
 * becomes a plain one. How other characters are encoded is not recorded; they are sent as they are.
 *
 * @see https://github.com/ustayready/fireprox/issues/44
 */
function upstreamQuery(query: string): string {
  return query.replaceAll(/%2f/gi, '/');
}

/**
 * Returns the headers after the mapping. A mapped header replaces every field of that name, regardless of
 * case: recorded on AWS for equal case, assumed for another one, such as the `authorization` of HTTP/2
 * clients. It is not sent if its source has no value: AWS does not document this case, and a client must
 * not be able to set a header that the upstream trusts. A mapped header that API Gateway drops from
 * requests is not sent either.
 *
 * @see https://github.com/localstack/localstack/blob/main/tests/aws/services/apigateway/test_apigateway_integrations.snapshot.json test_apigateway_header_remapping_http[HTTP_PROXY]
 */
function mappedHeaders(integration: HttpProxy, context: InvocationContext): readonly HeaderField[] {
  const names = integration.headerMappings.map(([name]) => name);
  const mapped = integration.headerMappings.flatMap(([name, source]) => {
    const value = sourceValue(source, context);
    return value === undefined ? [] : [[name, value] as const];
  });
  return [
    ...withoutHeaders(requestHeaders(context.request.headers), [...names, API_ID_HEADER]),
    [API_ID_HEADER, String(context.contextVariables['apiId'])],
    ...mapped.filter(([name]) => !DROPPED_WHEN_MAPPED.includes(name.toLowerCase())),
  ];
}

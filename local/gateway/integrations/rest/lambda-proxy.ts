import type { LambdaProxy } from '../../definition/rest/lambda-proxy';
import type { Method } from '../../definition/rest/method';
import type { RestApiFailure } from '../../definition/rest/response-types';
import type { RestApi } from '../../definition/rest/rest-api';
import type { InvocationContext } from '../../request/invocation-context';
import { type HttpResponse, headerValues } from '../../request/message';
import { type Invoke, invokeWithTimeout } from '../lambda/invoke';
import { eventBody, proxyEventV1 } from '../lambda/proxy-event';
import { readProxyResponse } from '../lambda/proxy-response';
import { eventHeaders, responseHeaders } from './header-rules';

/**
 * Invokes the function of a Lambda proxy integration and returns its response. "If the Lambda API
 * rejects the invocation request, API Gateway returns a 500 error code. If the function runs but returns
 * an error, or returns a response in the wrong format, API Gateway returns a 502."
 *
 * @param authorizerLatencyMs latency of the authorizer, which the event holds with the authorizer's context
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 */
export async function callLambdaProxy(
  api: RestApi,
  { resourcePath }: Method,
  integration: LambdaProxy,
  context: InvocationContext,
  authorizerLatencyMs: number,
  invoke: Invoke,
): Promise<HttpResponse | RestApiFailure> {
  const { request, eventPath, contextVariables } = context;
  const { functionArn, isInvocationAllowed, timeoutMs } = integration;
  if (!isInvocationAllowed(`${api.apiId}/${api.stage}/${request.method}${resourcePath}`)) {
    const fault = `no AWS::Lambda::Permission lets API Gateway invoke ${functionArn}`;
    return { responseType: 'API_CONFIGURATION_ERROR', fault };
  }
  const authorizer = contextVariables['authorizer'] as object | undefined;
  const event = proxyEventV1(context, {
    resource: resourcePath,
    path: eventPath,
    headers: eventHeaders(request.headers),
    requestContext: {
      ...contextVariables,
      ...(authorizer && { authorizer: { ...authorizer, integrationLatency: authorizerLatencyMs } }),
    },
    ...eventBody(request.body, isBinary(api, headerValues(request.headers, 'Content-Type')[0])),
  });
  const invocation = await invokeWithTimeout(invoke, functionArn, event, timeoutMs);
  if (invocation === 'timeout') {
    const fault = `the function ${functionArn} timed out after ${timeoutMs} ms`;
    return { responseType: 'INTEGRATION_TIMEOUT', fault };
  }
  const response =
    'payload' in invocation ? readProxyResponse(invocation.payload, 'REST') : undefined;
  if (!response) {
    const cause = 'error' in invocation ? 'failed' : 'returned a malformed response';
    return { responseType: 'DEFAULT_5XX', fault: `the function ${functionArn} ${cause}` };
  }
  // Binary bodies are decoded only for clients that accept a binary media type of the API.
  const decoded =
    !response.binary || isBinary(api, headerValues(request.headers, 'Accept')[0]?.split(',')[0]);
  return {
    status: response.status,
    headers: responseHeaders(response.headers),
    body: decoded ? response.body : Buffer.from(response.body.toString('base64')),
  };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html */
function isBinary(api: RestApi, mediaType: string | undefined): boolean {
  const essence = mediaType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return api.binaryMediaTypes.some((type) => {
    const wanted = type.toLowerCase();
    // `image/*` matches, as ministack and localstack report of AWS.
    return wanted.endsWith('/*')
      ? wanted === '*/*' || essence.startsWith(wanted.slice(0, -1))
      : wanted === essence;
  });
}

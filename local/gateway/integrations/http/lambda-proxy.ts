import type { HttpApi, Route } from '../../definition/http/http-api';
import type { LambdaProxy } from '../../definition/http/lambda-proxy';
import type { HttpApiFailure } from '../../definition/http/response-types';
import type { InvocationContext } from '../../request/invocation-context';
import { type HttpResponse, headerValues } from '../../request/message';
import {
  httpApiEventBody,
  requestContextV1,
  requestMembersV2,
  resourceOf,
} from '../lambda/http-api-event';
import { type Invoke, invokeWithTimeout } from '../lambda/invoke';
import { proxyEventV1 } from '../lambda/proxy-event';
import { readProxyResponse } from '../lambda/proxy-response';

/**
 * Invokes the function of a Lambda proxy integration and returns its response.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export async function callLambdaProxy(
  api: HttpApi,
  route: Route,
  integration: LambdaProxy,
  context: InvocationContext,
  invoke: Invoke,
): Promise<HttpResponse | HttpApiFailure> {
  const { functionArn, isInvocationAllowed, payloadFormat, timeoutMs } = integration;
  const part =
    route.routeKey === '$default' ? '$default' : `${context.request.method}${resourceOf(route)}`;
  if (!isInvocationAllowed(`${api.apiId}/${api.stage}/${part}`)) {
    const fault = `no AWS::Lambda::Permission lets API Gateway invoke ${functionArn}`;
    return { responseType: 'API_CONFIGURATION_ERROR', fault };
  }
  const event = payloadFormat === '2.0' ? eventV2(route, context) : eventV1(route, context);
  const invocation = await invokeWithTimeout(invoke, functionArn, event, timeoutMs);
  if (invocation === 'timeout') {
    const fault = `the function ${functionArn} timed out after ${timeoutMs} ms`;
    return { responseType: 'INTEGRATION_TIMEOUT', fault };
  }
  const response =
    'payload' in invocation ? readResponse(invocation.payload, payloadFormat) : undefined;
  if (response) return response;
  const cause = 'error' in invocation ? 'failed' : 'returned a malformed response';
  return { responseType: 'DEFAULT_5XX', fault: `the function ${functionArn} ${cause}` };
}

function eventV1(route: Route, context: InvocationContext): unknown {
  const { request, eventPath } = context;
  return {
    version: '1.0',
    ...proxyEventV1(context, {
      resource: resourceOf(route),
      path: eventPath,
      headers: request.headers,
      requestContext: requestContextV1(route, context),
      ...httpApiEventBody(request.body, headerValues(request.headers, 'Content-Type')[0]),
    }),
  };
}

function eventV2(route: Route, context: InvocationContext): unknown {
  const { body, requestContext, ...members } = requestMembersV2(route, context);
  const lambda = context.contextVariables['authorizer'];
  return {
    version: '2.0',
    ...members,
    requestContext: {
      ...(requestContext as object),
      ...(lambda !== undefined && { authorizer: { lambda } }),
    },
    ...(body !== null && { body }),
  };
}

/**
 * Reads the response of a function. Format 2.0 infers a response if the function returns no `statusCode`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.v2
 * @returns `undefined` if the response is malformed
 */
function readResponse(payload: unknown, payloadFormat: '1.0' | '2.0'): HttpResponse | undefined {
  const complete = typeof payload === 'object' && payload !== null && 'statusCode' in payload;
  if (payloadFormat === '1.0' || complete) return readProxyResponse(payload, payloadFormat);
  return {
    status: 200,
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from(typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? '')),
  };
}

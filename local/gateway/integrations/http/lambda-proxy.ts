import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { UnsupportedTemplateError } from '../../../template/unsupported';
import type { HttpApi, Route } from '../../definition/http/http-api';
import type { LambdaProxyProperties } from '../../definition/http/resource-schemas';
import { functionOfUri, type MayInvoke, readPermissions } from '../../definition/lambda-permission';
import { type GatewayResponse, headerValues } from '../../request/message';
import type { HttpFailure } from '../../pipeline/http/error-response';
import {
  httpEventBody,
  requestContextV1,
  requestMembersV2,
  resourceOf,
} from '../lambda/http-api-event';
import type { InvocationContext } from '../../request/invocation-context';
import { type Invoke, invokeWithin } from '../lambda/invoke';
import { proxyEventV1 } from '../lambda/proxy-event';
import { readProxyResponse } from '../lambda/proxy-response';

/** A Lambda proxy integration of an HTTP API. */
export interface LambdaProxy {
  readonly type: 'AWS_PROXY';
  readonly functionArn: string;
  readonly mayInvoke: MayInvoke;
  readonly payloadFormat: '1.0' | '2.0';
  readonly timeoutMillis: number;
}

/** @throws NotUnderstoodError when the URI names no function */
export function readLambdaProxy(
  template: ResolvedTemplate,
  { logicalId }: ResolvedResource,
  { IntegrationUri, PayloadFormatVersion, TimeoutInMillis }: LambdaProxyProperties,
): LambdaProxy {
  // Either of the two names is in use; CDK writes the plain ARN.
  const functionArn = /^arn:[^:]+:lambda:[^/]+$/.test(IntegrationUri)
    ? IntegrationUri
    : functionOfUri(IntegrationUri);
  if (!functionArn) {
    throw new UnsupportedTemplateError(
      `local mode does not understand ${logicalId}: IntegrationUri ${IntegrationUri}`,
    );
  }
  return {
    type: 'AWS_PROXY',
    functionArn,
    mayInvoke: readPermissions(template, functionArn),
    payloadFormat: PayloadFormatVersion,
    timeoutMillis: TimeoutInMillis,
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export async function invokeLambdaProxy(
  api: HttpApi,
  route: Route,
  integration: LambdaProxy,
  exchange: InvocationContext,
  invoke: Invoke,
): Promise<GatewayResponse | HttpFailure> {
  const { functionArn, mayInvoke, payloadFormat, timeoutMillis } = integration;
  const part =
    route.routeKey === '$default' ? '$default' : `${exchange.request.method}${resourceOf(route)}`;
  if (!mayInvoke(`${api.apiId}/${api.stage}/${part}`)) {
    const fault = `no AWS::Lambda::Permission lets API Gateway invoke ${functionArn}`;
    return { errorType: 'API_CONFIGURATION_ERROR', fault };
  }
  const event = payloadFormat === '2.0' ? eventV2(route, exchange) : eventV1(route, exchange);
  const invocation = await invokeWithin(invoke, functionArn, event, timeoutMillis);
  if (invocation === 'timeout') {
    const fault = `the function ${functionArn} did not answer in time`;
    return { errorType: 'INTEGRATION_TIMEOUT', fault };
  }
  const response = 'payload' in invocation ? read(invocation.payload, payloadFormat) : undefined;
  if (response) return response;
  const what = 'error' in invocation ? 'failed' : 'answered with a malformed response';
  return { errorType: 'DEFAULT_5XX', fault: `the function ${functionArn} ${what}` };
}

function eventV1(route: Route, exchange: InvocationContext): unknown {
  const { request, context } = exchange;
  return {
    version: '1.0',
    ...proxyEventV1(exchange, {
      resource: resourceOf(route),
      path: String(context['path']),
      requestContext: requestContextV1(route, exchange),
      ...httpEventBody(request.body, headerValues(request.headers, 'Content-Type')[0]),
    }),
  };
}

function eventV2(route: Route, exchange: InvocationContext): unknown {
  const { body, requestContext, ...members } = requestMembersV2(route, exchange);
  const lambda = exchange.context['authorizer'];
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
 * Format 2.0 infers a response when the function returns no `statusCode`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.v2
 */
function read(payload: unknown, payloadFormat: '1.0' | '2.0'): GatewayResponse | undefined {
  const complete = typeof payload === 'object' && payload !== null && 'statusCode' in payload;
  if (payloadFormat === '1.0' || complete) return readProxyResponse(payload);
  return {
    status: 200,
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from(typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? '')),
  };
}

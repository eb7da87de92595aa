import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { UnsupportedTemplateError } from '../../../template/unsupported';
import { functionOfUri, type MayInvoke, readPermissions } from '../../definition/lambda-permission';
import type { LambdaProxyProperties } from '../../definition/rest/resource-schemas';
import type { Method, RestApi } from '../../definition/rest/rest-api';
import { type GatewayResponse, headerValues } from '../../request/message';
import type { InvocationContext } from '../../request/invocation-context';
import { type Invoke, invokeWithin } from '../lambda/invoke';
import type { Failure } from '../../pipeline/rest/gateway-response';
import { eventBody, proxyEventV1 } from '../lambda/proxy-event';
import { readProxyResponse } from '../lambda/proxy-response';
import { responseHeaders } from './header-rules';

/** A Lambda proxy integration of a REST API. */
export interface LambdaProxy {
  readonly type: 'AWS_PROXY';
  readonly functionArn: string;
  readonly mayInvoke: MayInvoke;
  readonly timeoutMillis: number;
}

/** @throws NotUnderstoodError when the URI names no function */
export function readLambdaProxy(
  template: ResolvedTemplate,
  resource: ResolvedResource,
  { Uri, TimeoutInMillis }: LambdaProxyProperties,
): LambdaProxy {
  const functionArn = functionOfUri(Uri);
  if (!functionArn) {
    throw new UnsupportedTemplateError(
      `local mode does not understand ${resource.logicalId}: Uri ${Uri}`,
    );
  }
  const mayInvoke = readPermissions(template, functionArn);
  return { type: 'AWS_PROXY', functionArn, mayInvoke, timeoutMillis: TimeoutInMillis };
}

/**
 * "If the Lambda API rejects the invocation request, API Gateway returns a 500 error code. If the
 * function runs but returns an error, or returns a response in the wrong format, API Gateway returns
 * a 502."
 * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 *
 * @param authorizerLatency milliseconds; the event tells of it beside the authorizer's context
 */
export async function invokeLambdaProxy(
  api: RestApi,
  { resourcePath }: Method,
  integration: LambdaProxy,
  exchange: InvocationContext,
  authorizerLatency: number,
  invoke: Invoke,
): Promise<GatewayResponse | Failure> {
  const { request, context } = exchange;
  const { functionArn, mayInvoke, timeoutMillis } = integration;
  if (!mayInvoke(`${api.apiId}/${api.stage}/${request.method}${resourcePath}`)) {
    const fault = `no AWS::Lambda::Permission lets API Gateway invoke ${functionArn}`;
    return { responseType: 'API_CONFIGURATION_ERROR', fault };
  }
  const authorizer = context['authorizer'] as object | undefined;
  const event = proxyEventV1(exchange, {
    resource: resourcePath,
    path: request.path,
    requestContext: {
      ...context,
      ...(authorizer && { authorizer: { ...authorizer, integrationLatency: authorizerLatency } }),
    },
    ...eventBody(request.body, isBinary(api, headerValues(request.headers, 'Content-Type')[0])),
  });
  const invocation = await invokeWithin(invoke, functionArn, event, timeoutMillis);
  if (invocation === 'timeout') {
    const fault = `the function ${functionArn} did not answer in time`;
    return { responseType: 'INTEGRATION_TIMEOUT', fault };
  }
  const response = 'payload' in invocation ? readProxyResponse(invocation.payload) : undefined;
  if (!response) {
    const what = 'error' in invocation ? 'failed' : 'answered with a malformed response';
    return { responseType: 'DEFAULT_5XX', fault: `the function ${functionArn} ${what}` };
  }
  // Binary bodies are decoded only for clients that accept a binary media type of the API.
  const decodes =
    !response.binary || isBinary(api, headerValues(request.headers, 'Accept')[0]?.split(',')[0]);
  return {
    status: response.status,
    headers: responseHeaders(response.headers),
    body: decodes ? response.body : Buffer.from(response.body.toString('base64')),
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html */
function isBinary(api: RestApi, mediaType: string | undefined): boolean {
  const essence = mediaType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return api.binaryMediaTypes.some((type) => type === '*/*' || type.toLowerCase() === essence);
}

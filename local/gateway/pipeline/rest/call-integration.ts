import type { Method } from '../../definition/rest/method';
import type { RestApiFailure } from '../../definition/rest/response-types';
import type { Unsupported } from '../../definition/unsupported-integration';
import { callHttpProxy, streamHttpProxy } from '../../integrations/rest/http-proxy';
import { callLambdaProxy } from '../../integrations/rest/lambda-proxy';
import { callMock } from '../../integrations/rest/mock';
import { type HttpResponse, jsonResponse, type StreamedResponse } from '../../request/message';
import { withContextVariables } from '../invocation';
import { type Ended, endWith } from '../pipeline';
import { endWithGatewayResponse } from './gateway-response';
import type { AuthorizedRestInvocation } from './invocation';

/** Step: calls the method's integration. */
export async function callIntegration(
  invocation: AuthorizedRestInvocation,
): Promise<
  (AuthorizedRestInvocation & { readonly response: HttpResponse | StreamedResponse }) | Ended
> {
  const { integration } = invocation.method;
  if (integration.type === 'UNSUPPORTED') {
    const { reason } = integration;
    return endWith(invocation, jsonResponse(501, { message: reason }), { fault: reason });
  }
  const startedMs = performance.now();
  const response = await call(integration, invocation);
  const latency = Math.round(performance.now() - startedMs);
  if ('responseType' in response) {
    const timed = withContextVariables(invocation, {
      integrationLatency: latency,
      integration: { latency },
    });
    return endWithGatewayResponse(timed, response);
  }
  const { status, body } = response;
  const responseTransferMode = Buffer.isBuffer(body) ? 'BUFFERED' : 'STREAMED';
  const called = withContextVariables(invocation, {
    integrationLatency: latency,
    integrationStatus: status,
    integration: { latency, status, responseTransferMode },
  });
  return { ...called, response };
}

async function call(
  integration: Exclude<Method['integration'], Unsupported>,
  invocation: AuthorizedRestInvocation,
): Promise<HttpResponse | StreamedResponse | RestApiFailure> {
  const { api, method, ports, authorizerLatencyMs, disconnected } = invocation;
  switch (integration.type) {
    case 'MOCK':
      return callMock(integration, invocation, api.binaryMediaTypes);
    case 'AWS_PROXY':
      return callLambdaProxy(
        api,
        method,
        integration,
        invocation,
        authorizerLatencyMs,
        ports.invoke,
      );
    case 'HTTP_PROXY':
      if (!integration.streams) return callHttpProxy(integration, invocation, ports.upstream);
      return streamHttpProxy(integration, invocation, ports.upstream, {
        idleTimeoutMs: api.streamIdleTimeoutMs,
        disconnected,
      });
  }
}

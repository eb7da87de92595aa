import type { Method } from '../../definition/rest/method';
import type { RestApiFailure } from '../../definition/rest/response-types';
import type { Unsupported } from '../../definition/unsupported-integration';
import { callHttpProxy, streamHttpProxy } from '../../integrations/rest/http-proxy';
import { callLambdaProxy } from '../../integrations/rest/lambda-proxy';
import { callMock } from '../../integrations/rest/mock';
import type { HttpResponse, StreamedResponse } from '../../request/message';
import { measureCall } from '../call-integration';
import { withContextVariables } from '../invocation';
import { Ended } from '../pipeline';
import { endWithGatewayResponse } from './gateway-response';
import type { AuthorizedRestInvocation } from './invocation';

/** Step: calls the method's integration. */
export async function callIntegration(
  invocation: AuthorizedRestInvocation,
): Promise<
  (AuthorizedRestInvocation & { readonly response: HttpResponse | StreamedResponse }) | Ended
> {
  const called = await measureCall(invocation, invocation.method.integration, (integration) =>
    call(integration, invocation),
  );
  if (called instanceof Ended) return called;
  const { result: response, latencyMs: latency } = called;
  if ('responseType' in response) {
    const timed = withContextVariables(invocation, {
      integrationLatency: latency,
      integration: { latency },
    });
    return endWithGatewayResponse(timed, response);
  }
  const { status, body } = response;
  const responseTransferMode = Buffer.isBuffer(body) ? 'BUFFERED' : 'STREAMED';
  const measured = withContextVariables(invocation, {
    integrationLatency: latency,
    integrationStatus: status,
    integration: { latency, status, responseTransferMode },
  });
  return { ...measured, response };
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

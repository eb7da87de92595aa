import type { RestApiFailure } from '../../definition/rest/response-types';
import { callHttpProxy } from '../../integrations/rest/http-proxy';
import { callLambdaProxy } from '../../integrations/rest/lambda-proxy';
import { callMock } from '../../integrations/rest/mock';
import type { HttpResponse } from '../../request/message';
import { withContextVariables } from '../invocation';
import type { Ended } from '../pipeline';
import { endWithGatewayResponse } from './gateway-response';
import type { AuthorizedRestInvocation } from './invocation';

/** Step: calls the method's integration. */
export async function callIntegration(
  invocation: AuthorizedRestInvocation,
): Promise<(AuthorizedRestInvocation & { readonly response: HttpResponse }) | Ended> {
  const startedMs = performance.now();
  const response = await call(invocation);
  const latency = Math.round(performance.now() - startedMs);
  if ('responseType' in response) {
    const timed = withContextVariables(invocation, {
      integrationLatency: latency,
      integration: { latency },
    });
    return endWithGatewayResponse(timed, response);
  }
  const { status } = response;
  const called = withContextVariables(invocation, {
    integrationLatency: latency,
    integrationStatus: status,
    integration: { latency, status },
  });
  return { ...called, response };
}

async function call(invocation: AuthorizedRestInvocation): Promise<HttpResponse | RestApiFailure> {
  const { api, method, ports, authorizerLatencyMs } = invocation;
  const { integration } = method;
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
      return callHttpProxy(integration, invocation, ports.upstream);
  }
}

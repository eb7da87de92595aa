import type { HttpApiFailure } from '../../definition/http/response-types';
import { callHttpProxy } from '../../integrations/http/http-proxy';
import { callLambdaProxy } from '../../integrations/http/lambda-proxy';
import type { HttpResponse } from '../../request/message';
import { withContextVariables } from '../invocation';
import type { Ended } from '../pipeline';
import { endWithErrorResponse } from './error-response';
import type { MatchedHttpApiInvocation } from './invocation';

/** Step: calls the route's integration. */
export async function callIntegration(
  invocation: MatchedHttpApiInvocation,
): Promise<(MatchedHttpApiInvocation & { readonly response: HttpResponse }) | Ended> {
  const startedMs = performance.now();
  const response = await call(invocation);
  const latency = Math.round(performance.now() - startedMs);
  if ('responseType' in response) {
    const { fault } = response;
    const failed = withContextVariables(invocation, {
      integrationLatency: latency,
      integration: { latency, error: fault },
      integrationErrorMessage: fault,
    });
    return endWithErrorResponse(failed, response);
  }
  const { status } = response;
  const called = withContextVariables(invocation, {
    integrationLatency: latency,
    integrationStatus: status,
    integration: { latency, status },
  });
  return { ...called, response };
}

async function call(invocation: MatchedHttpApiInvocation): Promise<HttpResponse | HttpApiFailure> {
  const { api, route, ports } = invocation;
  const { integration } = route;
  switch (integration.type) {
    case 'AWS_PROXY':
      return callLambdaProxy(api, route, integration, invocation, ports.invoke);
    case 'HTTP_PROXY':
      return callHttpProxy(integration, invocation, ports.upstream);
  }
}

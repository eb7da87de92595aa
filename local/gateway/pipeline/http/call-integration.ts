import type { Route } from '../../definition/http/http-api';
import type { HttpApiFailure } from '../../definition/http/response-types';
import type { Unsupported } from '../../definition/unsupported-integration';
import { callHttpProxy } from '../../integrations/http/http-proxy';
import { callLambdaProxy } from '../../integrations/http/lambda-proxy';
import type { HttpResponse } from '../../request/message';
import { measureCall } from '../call-integration';
import { withContextVariables } from '../invocation';
import { Ended } from '../pipeline';
import { endWithErrorResponse } from './error-response';
import type { MatchedHttpApiInvocation } from './invocation';

/** Step: calls the route's integration. */
export async function callIntegration(
  invocation: MatchedHttpApiInvocation,
): Promise<(MatchedHttpApiInvocation & { readonly response: HttpResponse }) | Ended> {
  const called = await measureCall(invocation, invocation.route.integration, (integration) =>
    call(integration, invocation),
  );
  if (called instanceof Ended) return called;
  const { result: response, latencyMs: latency } = called;
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
  const measured = withContextVariables(invocation, {
    integrationLatency: latency,
    integrationStatus: status,
    integration: { latency, status },
  });
  return { ...measured, response };
}

async function call(
  integration: Exclude<Route['integration'], Unsupported>,
  invocation: MatchedHttpApiInvocation,
): Promise<HttpResponse | HttpApiFailure> {
  const { api, route, ports } = invocation;
  switch (integration.type) {
    case 'AWS_PROXY':
      return callLambdaProxy(api, route, integration, invocation, ports.invoke);
    case 'HTTP_PROXY':
      return callHttpProxy(integration, invocation, ports.upstream);
  }
}

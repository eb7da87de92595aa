import type { Route } from '../../definition/http/http-api';
import type { HttpApiFailure } from '../../definition/http/response-types';
import type { Unsupported } from '../../definition/unsupported-integration';
import { callHttpProxy } from '../../integrations/http/http-proxy';
import { callLambdaProxy } from '../../integrations/http/lambda-proxy';
import { type HttpResponse, jsonResponse } from '../../request/message';
import { withContextVariables } from '../invocation';
import { type Ended, endWith } from '../pipeline';
import { endWithErrorResponse } from './error-response';
import type { MatchedHttpApiInvocation } from './invocation';

/** Step: calls the route's integration. */
export async function callIntegration(
  invocation: MatchedHttpApiInvocation,
): Promise<(MatchedHttpApiInvocation & { readonly response: HttpResponse }) | Ended> {
  const { integration } = invocation.route;
  if (integration.type === 'UNSUPPORTED') {
    const { reason } = integration;
    return endWith(invocation, jsonResponse(501, { message: reason }), { fault: reason });
  }
  const startedMs = performance.now();
  const response = await call(integration, invocation);
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

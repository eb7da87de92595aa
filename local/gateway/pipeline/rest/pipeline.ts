import type { Method, RestApi } from '../../definition/rest/rest-api';
import { route } from '../router';
import { proxy } from '../../integrations/rest/http-proxy';
import { invokeLambdaProxy } from '../../integrations/rest/lambda-proxy';
import { answerMock } from '../../integrations/rest/mock';
import type { GatewayRequest, GatewayResponse } from '../../request/message';
import type { AuthorizerOutcome } from '../invoke-authorizer';
import type { InvocationContext } from '../../request/invocation-context';
import type { GatewayResult } from '../pipeline-result';
import { limitResponse } from '../../request/limits';
import type { GatewayPorts } from '../ports';
import type { LimitExceeded } from '../receive-request';
import { hasApiKey } from '../../definition/rest/api-keys';
import { authorize } from './authorize';
import { methodArn, methodArnLimitBytes } from './authorizer-event';
import { createRestContext } from './invocation';
import { type Failure, gatewayResponse } from './gateway-response';

/** @param now milliseconds since the epoch */
export async function handle(
  api: RestApi,
  request: GatewayRequest,
  refusal: LimitExceeded | undefined,
  now: number,
  ports: GatewayPorts,
): Promise<GatewayResult> {
  const match = route(api.root, request.method, request.path);
  const exchange: InvocationContext = {
    request,
    pathParameters: match?.pathParameters ?? {},
    stageVariables: api.stageVariables,
    context: createRestContext(api, request, match?.target, now),
  };
  const refused = (reason: LimitExceeded): GatewayResult => ({
    answer: limitResponse(reason),
    context: exchange.context,
    authorizer: 'none',
  });
  if (refusal) return refused(refusal);
  if (!match) {
    return fail(api, exchange, { responseType: 'MISSING_AUTHENTICATION_TOKEN' }, 'none');
  }
  const method = match.target;
  if (method.authorizer && Buffer.byteLength(methodArn(api, exchange)) > methodArnLimitBytes) {
    return refused('uri-too-long');
  }
  return { ...(await serve(api, method, exchange, ports)), resource: method.resourcePath };
}

async function serve(
  api: RestApi,
  method: Method,
  received: InvocationContext,
  ports: GatewayPorts,
): Promise<GatewayResult> {
  const asked = performance.now();
  const { outcome, failure, authorizer, usageIdentifierKey } = await authorize(
    api,
    method,
    received,
    ports,
  );
  const started = performance.now();
  const exchange = authorizer
    ? { ...received, context: { ...received.context, authorizer } }
    : received;
  if (failure) return fail(api, exchange, failure, outcome);
  if (method.apiKeyRequired && !hasApiKey(api.apiKeys, exchange, usageIdentifierKey)) {
    return fail(api, exchange, { responseType: 'INVALID_API_KEY' }, outcome);
  }
  const answer = await integrate(api, method, exchange, Math.round(started - asked), ports);
  const latency = Math.round(performance.now() - started);
  const timed = {
    ...exchange,
    context: { ...exchange.context, integrationLatency: latency, integration: { latency } },
  };
  if ('responseType' in answer) return fail(api, timed, answer, outcome);
  const { status } = answer;
  return {
    answer,
    context: { ...timed.context, integrationStatus: status, integration: { latency, status } },
    authorizer: outcome,
  };
}

async function integrate(
  api: RestApi,
  method: Method,
  exchange: InvocationContext,
  authorizerLatency: number,
  { invoke, upstream }: GatewayPorts,
): Promise<GatewayResponse | Failure> {
  const { integration } = method;
  switch (integration.type) {
    case 'MOCK':
      return answerMock(integration, exchange, api.binaryMediaTypes);
    case 'AWS_PROXY':
      return invokeLambdaProxy(api, method, integration, exchange, authorizerLatency, invoke);
    case 'HTTP_PROXY':
      return proxy(integration, exchange, upstream);
  }
}

function fail(
  api: RestApi,
  exchange: InvocationContext,
  failure: Failure,
  authorizer: AuthorizerOutcome,
): GatewayResult {
  const { answer, error } = gatewayResponse(api.gatewayResponses, failure, exchange);
  return {
    answer,
    context: { ...exchange.context, error },
    authorizer,
    gatewayResponse: failure.responseType,
    ...(failure.fault && { fault: failure.fault }),
  };
}

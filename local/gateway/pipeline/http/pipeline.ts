import type { HttpApi, Route } from '../../definition/http/http-api';
import { selectRoute } from '../../definition/http/route-key';
import { proxy } from '../../integrations/http/http-proxy';
import { invokeLambdaProxy } from '../../integrations/http/lambda-proxy';
import type { GatewayRequest, GatewayResponse } from '../../request/message';
import type { AuthorizerOutcome } from '../invoke-authorizer';
import { createContext } from '../../request/context-variables';
import type { InvocationContext } from '../../request/invocation-context';
import type { GatewayResult } from '../pipeline-result';
import { limitResponse } from '../../request/limits';
import type { GatewayPorts } from '../ports';
import type { LimitExceeded } from '../receive-request';
import { authorize } from './authorize';
import { isPreflight, preflightAnswer, withCors } from './cors';
import { errorResponse, type HttpFailure } from './error-response';

/** @param now milliseconds since the epoch */
export async function handle(
  api: HttpApi,
  request: GatewayRequest,
  refusal: LimitExceeded | undefined,
  now: number,
  ports: GatewayPorts,
): Promise<GatewayResult> {
  const match = selectRoute(api.routes, request.method, request.path);
  // "$default" is served without a path prefix, other stages under their name.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
  const path = api.stage === '$default' ? request.path : `/${api.stage}${request.path}`;
  const exchange: InvocationContext = {
    request,
    pathParameters: match?.pathParameters ?? {},
    stageVariables: api.stageVariables,
    context: {
      ...createContext(api, request, path, now),
      ...(match && { routeKey: match.target.routeKey }),
    },
  };
  const alone = (answer: GatewayResponse): GatewayResult => ({
    answer,
    context: exchange.context,
    authorizer: 'none',
  });
  if (refusal) return alone(limitResponse(refusal));
  // A route that matches, be it `ANY` or `$default`, is served as any other, authorizer included: "The
  // $default route catches requests for all methods and routes that you haven't explicitly defined,
  // including OPTIONS requests." The same is known of ANY: https://github.com/anomalyco/sst/issues/5493
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html#http-api-cors-default-route
  if (match) {
    const handled = await serve(api, match.target, exchange, ports);
    return { ...handled, resource: match.target.routeKey };
  }
  if (api.cors && isPreflight(request)) return alone(preflightAnswer(api.cors, request));
  return fail(exchange, { errorType: 'RESOURCE_NOT_FOUND' }, 'none');
}

async function serve(
  api: HttpApi,
  route: Route,
  received: InvocationContext,
  ports: GatewayPorts,
): Promise<GatewayResult> {
  const { outcome, failure, authorizer } = await authorize(api, route, received, ports);
  const exchange = authorizer
    ? { ...received, context: { ...received.context, authorizer } }
    : received;
  if (failure) return fail(exchange, failure, outcome);

  const started = performance.now();
  const answer =
    route.integration.type === 'AWS_PROXY'
      ? await invokeLambdaProxy(api, route, route.integration, exchange, ports.invoke)
      : await proxy(route.integration, exchange, ports.upstream);
  const latency = Math.round(performance.now() - started);
  const timed = { ...exchange.context, integrationLatency: latency };
  if ('errorType' in answer) {
    const integration = { latency, error: answer.fault };
    const context = { ...timed, integration, integrationErrorMessage: answer.fault };
    return fail({ ...exchange, context }, answer, outcome);
  }
  const { status } = answer;
  return {
    answer: api.cors ? withCors(api.cors, exchange.request, answer) : answer,
    context: { ...timed, integrationStatus: status, integration: { latency, status } },
    authorizer: outcome,
  };
}

function fail(
  exchange: InvocationContext,
  failure: HttpFailure,
  authorizer: AuthorizerOutcome,
): GatewayResult {
  const { answer, error } = errorResponse(failure);
  return {
    answer,
    context: { ...exchange.context, error },
    authorizer,
    gatewayResponse: failure.errorType,
    ...(failure.fault && { fault: failure.fault }),
  };
}

import { type AuthorizerOutcome, type AuthorizerPorts, authorize } from './authorizer';
import { methodArn, methodArnLimitBytes } from './authorizer-event';
import { createContext, type RequestContext } from './context';
import { type Failure, gatewayResponse } from './gateway-response';
import type { ResponseType } from './gateway-response-model';
import { proxy } from './http-proxy';
import type { Answer, GatewayRequest } from './message';
import { answerMock } from './mock';
import type { Refusal } from './receive';
import { refuse } from './refusal';
import type { RestApi } from './rest-api-model';
import { type Match, route } from './router';
import type { Upstream } from './upstream';
import type { Exchange } from './value-source';

/** How a request was answered. */
export interface Handled {
  readonly answer: Answer;
  /** `$context` at the end, with `authorizer`, `error`, `integration` and `status`. */
  readonly context: RequestContext;
  readonly resourcePath?: string;
  readonly authorizer: AuthorizerOutcome;
  /** Absent when the integration answered, or when a limit was exceeded. */
  readonly gatewayResponse?: ResponseType;
  /** Why a gateway response is not the client's fault. */
  readonly fault?: string;
}

export interface HandlePorts extends AuthorizerPorts {
  readonly upstream: Upstream;
}

/** @param now milliseconds since the epoch */
export async function handle(
  api: RestApi,
  request: GatewayRequest,
  refusal: Refusal | undefined,
  now: number,
  ports: HandlePorts,
): Promise<Handled> {
  const match = route(api.root, request.method, request.path);
  const exchange: Exchange = {
    request,
    pathParameters: match?.pathParameters ?? {},
    stageVariables: api.stageVariables,
    context: createContext(api, request, match, now),
  };
  const refused = (reason: Parameters<typeof refuse>[0]): Handled => ({
    answer: refuse(reason),
    context: exchange.context,
    authorizer: 'none',
  });
  if (refusal) return refused(refusal);
  if (!match) {
    return fail(api, exchange, { responseType: 'MISSING_AUTHENTICATION_TOKEN' }, 'none');
  }
  if (
    match.method.authorizer &&
    Buffer.byteLength(methodArn(api, exchange)) > methodArnLimitBytes
  ) {
    return refused('uri-too-long');
  }
  return {
    ...(await serve(api, match, exchange, ports)),
    resourcePath: match.resource.resourcePath,
  };
}

async function serve(
  api: RestApi,
  match: Match,
  received: Exchange,
  ports: HandlePorts,
): Promise<Handled> {
  const { outcome, failure, authorizer } = await authorize(api, match, received, ports);
  const exchange = authorizer
    ? { ...received, context: { ...received.context, authorizer } }
    : received;
  if (failure) return fail(api, exchange, failure, outcome);

  const { integration } = match.method;
  const started = performance.now();
  const answer =
    integration.type === 'MOCK'
      ? answerMock(integration, exchange)
      : await proxy(integration, exchange, ports.upstream);
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

function fail(
  api: RestApi,
  exchange: Exchange,
  failure: Failure,
  authorizer: AuthorizerOutcome,
): Handled {
  const { answer, error } = gatewayResponse(api.gatewayResponses, failure, exchange);
  return {
    answer,
    context: { ...exchange.context, error },
    authorizer,
    gatewayResponse: failure.responseType,
    ...(failure.fault && { fault: failure.fault }),
  };
}

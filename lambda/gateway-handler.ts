import type { Context } from 'aws-lambda';
import type { Authorizer } from './authorizer';
import {
  type AuthorizerResult,
  toAuthorizerError,
  toAuthorizerResult,
  UNAUTHORIZED,
} from './core/authorizer-result';
import type { AuthorizerConfig } from './core/config';
import { type AuthorizerEvent, matchedRoute, readGatewayRequest } from './core/gateway-request';
import { readSender } from './core/gateway-sender';
import { requirementsOfOperation } from './core/mcp-request';
import { ruleOf } from './core/route';
import { readTraceparent } from './core/traceparent';
import type { LoggedRequest, Telemetry } from './io/telemetry/telemetry';

export interface GatewayHandlerOptions {
  readonly config: Pick<AuthorizerConfig, 'token' | 'scopeRules' | 'usageIdentifierClaim'>;
  readonly authorizer: Authorizer;
  readonly telemetry: Telemetry;
}

/** Creates the handler of API Gateway's events, which returns what API Gateway acts on. */
export function createGatewayHandler({ config, authorizer, telemetry }: GatewayHandlerOptions) {
  return async function handler(
    event: AuthorizerEvent,
    context: Context,
  ): Promise<AuthorizerResult> {
    const apiRequestId = event.requestContext?.requestId ?? '';
    const traceparent = readTraceparent(event);
    const request = {
      ...{ context, apiRequestId, ...matchedRoute(event) },
      ...(traceparent !== undefined && { traceparent }),
    };
    const work = () => authorize(event, request);
    const result = await telemetry.during(request, work).catch((error: unknown) => {
      telemetry.logFault(request, error);
      throw toAuthorizerError(error);
    });
    if (result === UNAUTHORIZED) throw new Error(UNAUTHORIZED);
    return result;
  };

  async function authorize(event: AuthorizerEvent, logged: LoggedRequest) {
    const request = readGatewayRequest(event);
    const { api, alternatives, conditions } = ruleOf(config.scopeRules, request);
    const audience = conditions.audience ?? api.audience ?? config.token.audience;
    const operation = conditions.tools
      ? requirementsOfOperation(request, alternatives, conditions.tools)
      : { scopes: alternatives };
    const requirements = { ...config.token, audience, ...operation };
    const sender =
      config.token.senderConstraint === 'refuse' ? undefined : readSender(event, api.publicUrls);
    const { decision, source } = await authorizer.authorize(request, requirements, sender);
    // A cached result would bring the trace of one request into the access log of another.
    const isUncached = api.uncached || conditions.tools || sender !== undefined;
    const result = toAuthorizerResult(
      decision,
      request.resultFormat,
      config.usageIdentifierClaim,
      isUncached ? logged.traceparent : undefined,
    );
    telemetry.logDecision(logged, decision, source);
    return result;
  }
}

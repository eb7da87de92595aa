import type { Context } from 'aws-lambda';
import type { createAuthorizer } from './authorizer';
import { type AuthorizerResult, toAuthorizerResult, UNAUTHORIZED } from './core/authorizer-result';
import type { AuthorizerConfig } from './core/config';
import { type AuthorizerEvent, readGatewayRequest } from './core/gateway-request';
import { scopesRequired } from './core/route';
import type { Telemetry } from './io/telemetry';

export interface GatewayHandlerOptions {
  readonly config: Pick<AuthorizerConfig, 'token' | 'scopeRules' | 'usageIdentifierClaim'>;
  readonly authorize: ReturnType<typeof createAuthorizer>;
  readonly telemetry: Telemetry;
}

/** The Lambda function: an event of API Gateway in, what API Gateway acts on out. */
export function createGatewayHandler({ config, authorize, telemetry }: GatewayHandlerOptions) {
  return async function handler(
    event: AuthorizerEvent,
    context: Context,
  ): Promise<AuthorizerResult> {
    telemetry.begin(context, event.requestContext?.requestId ?? '');
    const result = await answer(event).catch((error: unknown) => {
      telemetry.failed(error);
      throw error;
    });
    if (result === UNAUTHORIZED) throw new Error(UNAUTHORIZED);
    return result;
  };

  async function answer(event: AuthorizerEvent) {
    const request = readGatewayRequest(event);
    const scopes = scopesRequired(config.scopeRules, request);
    const { decision, source } = await authorize(request, { ...config.token, scopes });
    const result = toAuthorizerResult(decision, request.answer, config.usageIdentifierClaim);
    telemetry.decided(decision, source);
    return result;
  }
}

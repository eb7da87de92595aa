import type { LambdaAuthorizer } from '../../definition/lambda-authorizer';
import type { RestApiFailure } from '../../definition/rest/response-types';
import { limitResponse } from '../../request/limits';
import { parseAuthorizerResult } from '../authorizer-result';
import { withAuthorizerCall, withContextVariables } from '../invocation';
import { type AuthorizerResponse, identityValuesOf, invokeAuthorizer } from '../invoke-authorizer';
import { methodArn } from '../method-arn';
import { type Ended, endWith } from '../pipeline';
import { evaluatePolicy } from '../policy';
import { authorizerEvent } from './authorizer-event';
import { authorizerResultSchema, type RestAuthorizerResult } from './authorizer-result';
import { endWithGatewayResponse } from './gateway-response';
import type { AuthorizedRestInvocation, MatchedRestInvocation } from './invocation';

/** Maximum length of a method ARN, in bytes. API Gateway responds with 414 to a longer one. */
const METHOD_ARN_LIMIT_BYTES = 1600;

/**
 * Timeout of an authorizer, in milliseconds. AWS documents none for REST APIs, so this is the maximum
 * timeout of a function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const TIMEOUT_MS = 900_000;

/**
 * Step: authorizes the request by the method's authorizer or its result cache.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export async function authorize(
  invocation: MatchedRestInvocation,
): Promise<AuthorizedRestInvocation | Ended> {
  const { authorizer } = invocation.method;
  if (!authorizer) return { ...invocation, authorizerLatencyMs: 0 };
  if (Buffer.byteLength(methodArn(invocation)) > METHOD_ARN_LIMIT_BYTES) {
    return endWith(invocation, limitResponse('uri-too-long'));
  }
  const startedMs = performance.now();
  const response = await invoke(authorizer, invocation);
  const authorizerLatencyMs = Math.round(performance.now() - startedMs);
  const invoked = withAuthorizerCall(invocation, response);
  if ('result' in response) return applyResult(response.result, invoked, authorizerLatencyMs);
  // Only this exact message is a denial.
  if ('missing' in response || response.errorMessage === 'Unauthorized') {
    return endWithGatewayResponse(invoked, { responseType: 'UNAUTHORIZED' });
  }
  const { fault } = response;
  return endWithGatewayResponse(invoked, { responseType: 'AUTHORIZER_CONFIGURATION_ERROR', fault });
}

function invoke(
  authorizer: LambdaAuthorizer,
  invocation: MatchedRestInvocation,
): Promise<AuthorizerResponse<RestAuthorizerResult>> {
  const request = {
    stage: invocation.api.stage,
    identityValues: identityValuesOf(authorizer, invocation),
    timeoutMs: TIMEOUT_MS,
    event: () => authorizerEvent(invocation),
    parse: (payload: unknown) => parseAuthorizerResult(payload, authorizerResultSchema),
  };
  return invokeAuthorizer(authorizer, request, invocation.ports);
}

/** Evaluates a new or cached result for the method of this request. */
function applyResult(
  { policyDocument, context, principalId, usageIdentifierKey }: RestAuthorizerResult,
  invocation: MatchedRestInvocation,
  authorizerLatencyMs: number,
): AuthorizedRestInvocation | Ended {
  const strings = Object.entries(context).map(([key, value]) => [
    key,
    value === null ? null : String(value),
  ]);
  const decided = withContextVariables(invocation, {
    authorizer: { ...Object.fromEntries(strings), principalId },
  });
  const decision = evaluatePolicy(policyDocument, methodArn(invocation));
  if (decision !== 'allowed') return endWithGatewayResponse(decided, denial(decision));
  return {
    ...decided,
    authorizerLatencyMs,
    ...(usageIdentifierKey !== undefined && { usageIdentifierKey }),
  };
}

function denial(decision: 'explicit-deny' | 'implicit-deny'): RestApiFailure {
  const standard = 'User is not authorized to access this resource';
  return {
    responseType: 'ACCESS_DENIED',
    message: decision === 'explicit-deny' ? `${standard} with an explicit deny` : standard,
  };
}

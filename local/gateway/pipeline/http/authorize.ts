import type { HttpApiAuthorizer } from '../../definition/http/authorizer';
import { parseAuthorizerResult } from '../authorizer-result';
import { withAuthorizerCall, withContextVariables } from '../invocation';
import { type AuthorizerResponse, identityValuesOf, invokeAuthorizer } from '../invoke-authorizer';
import { methodArn } from '../method-arn';
import type { Ended } from '../pipeline';
import { evaluatePolicy } from '../policy';
import { authorizerEvent } from './authorizer-event';
import { authorizerResultSchema, type HttpApiAuthorizerResult } from './authorizer-result';
import { endWithErrorResponse } from './error-response';
import type { MatchedHttpApiInvocation } from './invocation';

/**
 * Timeout of an authorizer ("Authorizer response timeout"), in milliseconds.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const TIMEOUT_MS = 10_000;

/**
 * Step: authorizes the request by the route's authorizer or its result cache. A function that throws
 * exactly `Unauthorized` gives 401, as on REST APIs: AWS documents neither this nor the opposite for HTTP
 * APIs, and reports by users contradict each other. Any other error gives 500: "If API Gateway can't
 * invoke your Lambda authorizer, or your Lambda authorizer returns a response in an invalid format,
 * clients receive a 500".
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.troubleshooting
 */
export async function authorize(
  invocation: MatchedHttpApiInvocation,
): Promise<MatchedHttpApiInvocation | Ended> {
  const { authorizer } = invocation.route;
  if (!authorizer) return invocation;
  const response = await invoke(authorizer, invocation);
  const invoked = withAuthorizerCall(invocation, response);
  if ('result' in response) return applyResult(response.result, invoked);
  if ('missing' in response || response.errorMessage === 'Unauthorized') {
    return endWithErrorResponse(invoked, { responseType: 'UNAUTHORIZED' });
  }
  const { fault } = response;
  const failed = withContextVariables(invoked, { authorizer: { error: fault } });
  return endWithErrorResponse(failed, { responseType: 'AUTHORIZER_CONFIGURATION_ERROR', fault });
}

function invoke(
  authorizer: HttpApiAuthorizer,
  invocation: MatchedHttpApiInvocation,
): Promise<AuthorizerResponse<HttpApiAuthorizerResult>> {
  const identityValues = identityValuesOf(authorizer, invocation);
  const request = {
    stage: invocation.api.stage,
    identityValues,
    timeoutMs: TIMEOUT_MS,
    event: () => authorizerEvent(invocation, authorizer, identityValues),
    parse: (payload: unknown) => parseAuthorizerResult(payload, authorizerResultSchema(authorizer)),
  };
  return invokeAuthorizer<HttpApiAuthorizerResult>(authorizer, request, invocation.ports);
}

/** Applies a new or cached result. A policy is evaluated for the route ARN of this request. */
function applyResult(
  result: HttpApiAuthorizerResult,
  invocation: MatchedHttpApiInvocation,
): MatchedHttpApiInvocation | Ended {
  const isSimple = 'isAuthorized' in result;
  const decided = withContextVariables(invocation, {
    authorizer: { ...result.context, ...(!isSimple && { principalId: result.principalId }) },
  });
  const allowed = isSimple
    ? result.isAuthorized
    : evaluatePolicy(result.policyDocument, methodArn(invocation)) === 'allowed';
  return allowed ? decided : endWithErrorResponse(decided, { responseType: 'ACCESS_DENIED' });
}

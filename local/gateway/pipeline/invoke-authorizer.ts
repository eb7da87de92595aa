import type { LambdaAuthorizer } from '../definition/lambda-authorizer';
import { type Invoke, invokeWithTimeout } from '../integrations/lambda/invoke';
import type { InvocationContext } from '../request/invocation-context';
import { sourceValue } from '../request/value-source';
import type { ParsedResult } from './authorizer-result';
import type { GatewayPorts } from './ports';

/** Source of the decision on a request. */
export type AuthorizerOutcome = 'none' | 'identity-missing' | 'cached' | 'invoked';

/** Request to an authorizer. */
export interface AuthorizerRequest<Result> {
  readonly stage: string;
  /** Values of the identity sources, in order. */
  readonly identityValues: readonly (string | undefined)[];
  readonly timeoutMs: number;
  event(): unknown;
  parse(payload: unknown): ParsedResult<Result>;
}

/** Fault of an authorizer. */
interface AuthorizerFault {
  readonly fault: string;
  /** Message of the error that the function threw. It must not be logged. */
  readonly errorMessage?: string;
}

/**
 * Call of an authorizer, with `$context.authorizer.latency` and `$context.authorizer.status`. AWS documents
 * the variables but no values: here 200 for a result, 401 for a thrown `Unauthorized`, else 500.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export interface AuthorizerCall {
  readonly functionArn: string;
  readonly latency: number;
  readonly status: number;
}

/** Response of an authorizer or of its result cache. */
export type AuthorizerResponse<Result> = {
  readonly outcome: AuthorizerOutcome;
  /** Absent if the function was not called. */
  readonly call?: AuthorizerCall;
} & ({ readonly result: Result } | { readonly missing: 'identity' } | AuthorizerFault);

/** Returns the values of an authorizer's identity sources, in order. */
export function identityValuesOf(
  { identitySources }: LambdaAuthorizer,
  context: InvocationContext,
): readonly (string | undefined)[] {
  return identitySources.map((source) => sourceValue(source, context));
}

/**
 * Returns the cached result, or invokes the authorizer and caches its result. A request that lacks one of
 * the identity sources is denied without an invocation, with and without a result cache: REST APIs,
 * https://github.com/aws/serverless-application-model/blob/develop/integration/combination/test_api_with_authorizers.py
 * (`ReauthorizeEvery: 0`), and HTTP APIs, "If the client's request doesn't include the identity sources,
 * API Gateway doesn't invoke your Lambda authorizer, and the client receives a 401 error".
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export async function invokeAuthorizer<Result>(
  authorizer: LambdaAuthorizer,
  request: AuthorizerRequest<Result>,
  { invoke, cache }: Pick<GatewayPorts, 'invoke' | 'cache'>,
): Promise<AuthorizerResponse<Result>> {
  const { stage, identityValues } = request;
  const { authorizerId, functionArn, invocationAllowed, resultTtlSeconds } = authorizer;
  const present = identityValues.filter((value): value is string => Boolean(value));
  if (present.length < identityValues.length) {
    return { outcome: 'identity-missing', missing: 'identity' };
  }
  // The key consists of the identity sources, the authorizer and the stage. A result is therefore reused
  // for every method and path with the same values.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization-with-console.html
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.caching
  const key = JSON.stringify([authorizerId, stage, ...present]);
  const caching = resultTtlSeconds > 0;
  const cached = caching ? cache.get(key) : undefined;
  if (cached !== undefined) return { outcome: 'cached', result: cached as Result };
  if (!invocationAllowed) {
    const fault = `no AWS::Lambda::Permission lets API Gateway invoke ${functionArn}`;
    return { outcome: 'none', fault };
  }
  const startedMs = performance.now();
  const response = await invokeFunction(functionArn, request, invoke);
  const latency = Math.round(performance.now() - startedMs);
  // Allow and Deny are cached; faults are not.
  if ('result' in response && caching) cache.set(key, response.result, resultTtlSeconds);
  return {
    outcome: 'invoked',
    call: { functionArn, latency, status: statusOf(response) },
    ...response,
  };
}

function statusOf(response: { readonly result: unknown } | AuthorizerFault): number {
  if ('result' in response) return 200;
  return response.errorMessage === 'Unauthorized' ? 401 : 500;
}

async function invokeFunction<Result>(
  functionArn: string,
  { event, parse, timeoutMs }: AuthorizerRequest<Result>,
  invoke: Invoke,
): Promise<{ readonly result: Result } | AuthorizerFault> {
  const invocation = await invokeWithTimeout(invoke, functionArn, event(), timeoutMs);
  if (invocation === 'timeout') {
    return { fault: `the authorizer timed out after ${timeoutMs} ms` };
  }
  if ('error' in invocation) {
    const { errorType, errorMessage } = invocation.error;
    // The function's own log holds the message; it can quote parts of the request.
    return { fault: `the authorizer failed: ${errorType}`, errorMessage };
  }
  return parse(invocation.payload);
}

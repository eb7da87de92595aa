import { authorizerEvent, methodArn } from './authorizer-event';
import type { Authorizer } from './authorizer-model';
import { type AuthorizerResult, parseAuthorizerResult } from './authorizer-result';
import type { Failure } from './gateway-response';
import { evaluate } from './policy';
import type { RestApi } from './rest-api-model';
import { cacheKey, type ResultCache } from './result-cache';
import type { Match } from './router';
import { type Exchange, sourceValue } from './value-source';

/** What an invocation of a Lambda function ends with. */
export type InvocationResult =
  | { readonly payload: unknown }
  | { readonly error: { readonly errorType: string; readonly errorMessage: string } };

/** Invokes a Lambda function synchronously. */
export type Invoke = (functionArn: string, event: unknown) => Promise<InvocationResult>;

/** Where the decision on a request came from. */
export type AuthorizerOutcome = 'none' | 'identity-missing' | 'cached' | 'invoked';

export interface Authorization {
  readonly outcome: AuthorizerOutcome;
  /** Absent when the request may go on. */
  readonly failure?: Failure;
  /** `$context.authorizer`: the result's context, stringified, and the principal. */
  readonly authorizer?: Readonly<Record<string, string>>;
}

export interface AuthorizerPorts {
  readonly invoke: Invoke;
  readonly cache: ResultCache;
}

const configurationError = (fault: string): Failure => ({
  responseType: 'AUTHORIZER_CONFIGURATION_ERROR',
  fault,
});

/**
 * Runs the method's authorizer, or its result cache.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export async function authorize(
  api: RestApi,
  match: Match,
  exchange: Exchange,
  { invoke, cache }: AuthorizerPorts,
): Promise<Authorization> {
  const { authorizer } = match.method;
  if (!authorizer) return { outcome: 'none' };
  const values = authorizer.identitySources.map((source) => sourceValue(source, exchange));
  const present = values.filter((value): value is string => Boolean(value));
  const caching = authorizer.resultTtlSeconds > 0;
  // With caching on, a missing, null or empty identity source gives 401 without a call.
  if (caching && present.length < values.length) {
    return { outcome: 'identity-missing', failure: { responseType: 'UNAUTHORIZED' } };
  }
  const key = cacheKey(authorizer, api.stage, present);
  const cached = caching ? cache.get(key) : undefined;
  if (cached) return { outcome: 'cached', ...decide(cached, api, exchange) };

  const invocation = await invokeAuthorizer(authorizer, api, match, exchange, invoke);
  if (!('result' in invocation)) return invocation;
  // Allow and Deny are both results and are kept; errors are not.
  if (caching) cache.set(key, invocation.result, authorizer.resultTtlSeconds);
  return { outcome: 'invoked', ...decide(invocation.result, api, exchange) };
}

async function invokeAuthorizer(
  authorizer: Authorizer,
  api: RestApi,
  match: Match,
  exchange: Exchange,
  invoke: Invoke,
): Promise<{ readonly result: AuthorizerResult } | Authorization> {
  if (!authorizer.mayInvoke) {
    const fault = `no AWS::Lambda::Permission lets API Gateway invoke ${authorizer.functionArn}`;
    return { outcome: 'none', failure: configurationError(fault) };
  }
  const invocation = await invoke(
    authorizer.functionArn,
    authorizerEvent(api, match, exchange),
  ).catch((error: Error) => ({
    error: { errorType: error.name, errorMessage: error.message },
  }));
  if ('error' in invocation) {
    const { errorType, errorMessage } = invocation.error;
    // Only this exact message is a denial.
    if (errorMessage === 'Unauthorized') {
      return { outcome: 'invoked', failure: { responseType: 'UNAUTHORIZED' } };
    }
    // The message is the function's own and stands in the function's log; it is not repeated here.
    return {
      outcome: 'invoked',
      failure: configurationError(`the authorizer failed: ${errorType}`),
    };
  }
  const parsed = parseAuthorizerResult(invocation.payload);
  return 'result' in parsed
    ? parsed
    : { outcome: 'invoked', failure: configurationError(parsed.fault) };
}

/** A result, fresh or replayed, is evaluated for the method of this request. */
function decide(
  { policyDocument, context, principalId }: AuthorizerResult,
  api: RestApi,
  exchange: Exchange,
): Pick<Authorization, 'failure' | 'authorizer'> {
  const strings = Object.entries(context).map(([key, value]) => [key, String(value)]);
  const authorizer = { ...Object.fromEntries(strings), principalId };
  const verdict = evaluate(policyDocument, methodArn(api, exchange));
  if (verdict === 'allowed') return { authorizer };
  const standard = 'User is not authorized to access this resource';
  const message = verdict === 'explicit-deny' ? `${standard} with an explicit deny` : standard;
  return { authorizer, failure: { responseType: 'ACCESS_DENIED', message } };
}

import { type Invoke, invokeWithin } from '../integrations/lambda/invoke';
import type { ResultCache } from './result-cache';

/** A Lambda authorizer of the REQUEST type, whatever kind of API it belongs to. */
export interface LambdaAuthorizer {
  readonly authorizerId: string;
  readonly functionArn: string;
  /** Whether the function's resource policy lets API Gateway invoke it for this authorizer. */
  readonly mayInvoke: boolean;
  /** How long a result may be replayed; 0 turns the result cache off. */
  readonly resultTtlSeconds: number;
}

/** Where the decision on a request came from. */
export type AuthorizerOutcome = 'none' | 'identity-missing' | 'cached' | 'invoked';

/** What one request asks of an authorizer. */
export interface AuthorizerRequest<Result> {
  readonly stage: string;
  /** Of the identity sources, in order. */
  readonly identityValues: readonly (string | undefined)[];
  /** Whether a missing identity value is an answer already. */
  readonly identityRequired: boolean;
  readonly timeoutMillis: number;
  event(): unknown;
  /** Reads what the function answered; a fault is a sentence that quotes no value of it. */
  parse(payload: unknown): { readonly result: Result } | { readonly fault: string };
}

/** How the question was answered. */
export type AuthorizerAnswer<Result> = { readonly outcome: AuthorizerOutcome } & (
  | { readonly result: Result }
  | { readonly missing: 'identity' }
  /** `thrown` is the message of an error that the function ended with; it is not to be logged. */
  | { readonly fault: string; readonly thrown?: string }
);

export interface AuthorizerPorts {
  readonly invoke: Invoke;
  readonly cache: ResultCache;
}

/** Asks the result cache, and the function when the cache has no answer. */
export async function invokeAuthorizer<Result>(
  authorizer: LambdaAuthorizer,
  question: AuthorizerRequest<Result>,
  { invoke, cache }: AuthorizerPorts,
): Promise<AuthorizerAnswer<Result>> {
  const { stage, identityValues, identityRequired } = question;
  const present = identityValues.filter((value): value is string => Boolean(value));
  if (identityRequired && present.length < identityValues.length) {
    return { outcome: 'identity-missing', missing: 'identity' };
  }
  // The key holds every identity source, the authorizer and the stage, and nothing else: a result is
  // replayed for each method and path that shares them.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization-with-console.html
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.caching
  const key = JSON.stringify([authorizer.authorizerId, stage, ...present]);
  const caching = authorizer.resultTtlSeconds > 0;
  const cached = caching ? cache.get(key) : undefined;
  if (cached !== undefined) return { outcome: 'cached', result: cached as Result };
  if (!authorizer.mayInvoke) {
    const fault = `no AWS::Lambda::Permission lets API Gateway invoke ${authorizer.functionArn}`;
    return { outcome: 'none', fault };
  }
  const answer = await ask(authorizer, question, invoke);
  // Allow and Deny are both results and are kept; errors are not.
  if ('result' in answer && caching) cache.set(key, answer.result, authorizer.resultTtlSeconds);
  return { outcome: 'invoked', ...answer };
}

async function ask<Result>(
  { functionArn }: LambdaAuthorizer,
  { event, parse, timeoutMillis }: AuthorizerRequest<Result>,
  invoke: Invoke,
): Promise<{ readonly result: Result } | { readonly fault: string; readonly thrown?: string }> {
  const invocation = await invokeWithin(invoke, functionArn, event(), timeoutMillis);
  if (invocation === 'timeout') return { fault: 'the authorizer did not answer in time' };
  if ('error' in invocation) {
    const { errorType, errorMessage } = invocation.error;
    // The message is the function's own and stands in the function's log; it is not repeated here.
    return { fault: `the authorizer failed: ${errorType}`, thrown: errorMessage };
  }
  return parse(invocation.payload);
}

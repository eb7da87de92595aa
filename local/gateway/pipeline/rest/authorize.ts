import { z } from 'zod';
import type { Method, RestApi } from '../../definition/rest/rest-api';
import { type AuthorizerOutcome, type AuthorizerPorts, invokeAuthorizer } from '../invoke-authorizer';
import { parseAuthorizerResult } from '../authorizer-result';
import type { InvocationContext } from '../../request/invocation-context';
import { evaluate, policySchema } from '../policy';
import { sourceValue } from '../../request/value-source';
import { authorizerEvent, methodArn } from './authorizer-event';
import type { Failure } from './gateway-response';

/**
 * What a function has to answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export const resultSchema = z.strictObject({
  principalId: z.string(),
  policyDocument: policySchema,
  context: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean()], {
        error: 'a context value must be a string, a number or a boolean',
      }),
    )
    .default({}),
  // The value of an API key; counts only where methods take theirs from the authorizer.
  usageIdentifierKey: z.string().optional(),
});

type RestAuthorizerResult = z.infer<typeof resultSchema>;

/**
 * No quota table names a time limit for authorizers of REST APIs, so the function's own decides:
 * this is the longest that one can have.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const timeoutMillis = 900_000;

export interface Authorization {
  readonly outcome: AuthorizerOutcome;
  /** Absent when the request may go on. */
  readonly failure?: Failure;
  /** `$context.authorizer`: the result's context, stringified, and the principal. */
  readonly authorizer?: Readonly<Record<string, string>>;
  readonly usageIdentifierKey?: string;
}

/**
 * Runs the method's authorizer, or its result cache.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export async function authorize(
  api: RestApi,
  method: Method,
  exchange: InvocationContext,
  ports: AuthorizerPorts,
): Promise<Authorization> {
  const { authorizer } = method;
  if (!authorizer) return { outcome: 'none' };
  const question = {
    stage: api.stage,
    identityValues: authorizer.identitySources.map((source) => sourceValue(source, exchange)),
    // With caching on, a missing, null or empty identity source gives 401 without a call.
    identityRequired: authorizer.resultTtlSeconds > 0,
    timeoutMillis,
    event: () => authorizerEvent(api, method, exchange),
    parse: (payload: unknown) => parseAuthorizerResult(payload, resultSchema),
  };
  const answer = await invokeAuthorizer(authorizer, question, ports);
  const { outcome } = answer;
  if ('result' in answer) return { outcome, ...decide(answer.result, api, exchange) };
  // Only this exact message is a denial.
  if ('missing' in answer || answer.thrown === 'Unauthorized') {
    return { outcome, failure: { responseType: 'UNAUTHORIZED' } };
  }
  const { fault } = answer;
  return { outcome, failure: { responseType: 'AUTHORIZER_CONFIGURATION_ERROR', fault } };
}

/** A result, fresh or replayed, is evaluated for the method of this request. */
function decide(
  { policyDocument, context, principalId, usageIdentifierKey }: RestAuthorizerResult,
  api: RestApi,
  exchange: InvocationContext,
): Omit<Authorization, 'outcome'> {
  const strings = Object.entries(context).map(([key, value]) => [key, String(value)]);
  const authorizer = { ...Object.fromEntries(strings), principalId };
  const verdict = evaluate(policyDocument, methodArn(api, exchange));
  if (verdict === 'allowed') {
    return { authorizer, ...(usageIdentifierKey !== undefined && { usageIdentifierKey }) };
  }
  const standard = 'User is not authorized to access this resource';
  const message = verdict === 'explicit-deny' ? `${standard} with an explicit deny` : standard;
  return { authorizer, failure: { responseType: 'ACCESS_DENIED', message } };
}

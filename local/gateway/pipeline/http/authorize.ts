import { z } from 'zod';
import type { HttpAuthorizer } from '../../definition/http/authorizer';
import type { HttpApi, Route } from '../../definition/http/http-api';
import { type AuthorizerOutcome, type AuthorizerPorts, invokeAuthorizer } from '../invoke-authorizer';
import { parseAuthorizerResult } from '../authorizer-result';
import type { InvocationContext } from '../../request/invocation-context';
import { evaluate, policySchema } from '../policy';
import { sourceValue } from '../../request/value-source';
import { authorizerEvent, routeArn } from './authorizer-event';
import type { HttpFailure } from './error-response';

/** "Authorizer response timeout". https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const timeoutMillis = 10_000;

const contextV1 = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .refine((context) => !Object.hasOwn(context, 'claims'), { error: 'claims is a reserved key' });
// Arrays and maps too.
const contextV2 = z.record(z.string(), z.unknown());

/**
 * What a function has to answer, by payload format and kind of response. `isAuthorized` is a boolean:
 * the string "false" must not count as true.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.payload-format-response
 */
const simpleResult = z.strictObject({
  isAuthorized: z.boolean(),
  context: contextV2.default({}),
});
const policyResult = <Context extends z.ZodType>(context: Context) =>
  z.strictObject({
    principalId: z.string(),
    policyDocument: policySchema,
    context: context.optional(),
    // Means something to REST APIs only; functions that serve both may send it.
    usageIdentifierKey: z.string().optional(),
  });
const policyResultV1 = policyResult(contextV1);
const policyResultV2 = policyResult(contextV2);

type HttpAuthorizerResult = z.infer<typeof simpleResult> | z.infer<typeof policyResultV2>;

export interface Authorization {
  readonly outcome: AuthorizerOutcome;
  /** Absent when the request may go on. */
  readonly failure?: HttpFailure;
  /** What the result's context holds, types kept, and the principal of a policy. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
}

/**
 * Runs the route's authorizer, or its result cache. A function that throws exactly `Unauthorized`
 * gives 401, as on REST APIs: for HTTP APIs AWS documents neither this nor the opposite, and those who
 * tried it disagree. Anything else that is thrown gives 500: "If API Gateway can't invoke your Lambda
 * authorizer, or your Lambda authorizer returns a response in an invalid format, clients receive a 500".
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.troubleshooting
 */
export async function authorize(
  api: HttpApi,
  route: Route,
  exchange: InvocationContext,
  ports: AuthorizerPorts,
): Promise<Authorization> {
  const { authorizer } = route;
  if (!authorizer) return { outcome: 'none' };
  const identityValues = authorizer.identitySources.map((source) => sourceValue(source, exchange));
  const question = {
    stage: api.stage,
    identityValues,
    // "If the client's request doesn't include the identity sources, API Gateway doesn't invoke your
    // Lambda authorizer, and the client receives a 401 error", caching or not.
    identityRequired: true,
    timeoutMillis,
    event: () => authorizerEvent(api, route, authorizer, exchange, identityValues),
    parse: (payload: unknown) => parseAuthorizerResult(payload, resultSchema(authorizer)),
  };
  const answer = await invokeAuthorizer<HttpAuthorizerResult>(authorizer, question, ports);
  const { outcome } = answer;
  if ('missing' in answer) return { outcome, failure: { errorType: 'UNAUTHORIZED' } };
  if ('fault' in answer && answer.thrown === 'Unauthorized') {
    return { outcome, failure: { errorType: 'UNAUTHORIZED' } };
  }
  if ('fault' in answer) {
    const { fault } = answer;
    return {
      outcome,
      failure: { errorType: 'AUTHORIZER_CONFIGURATION_ERROR', fault },
      authorizer: { error: fault },
    };
  }
  return { outcome, ...decide(answer.result, api, exchange) };
}

function resultSchema({ payloadFormat, simpleResponses }: HttpAuthorizer) {
  if (simpleResponses) return simpleResult;
  return payloadFormat === '2.0' ? policyResultV2 : policyResultV1;
}

/** A result, fresh or replayed; a policy is evaluated for the route ARN of this request. */
function decide(
  result: HttpAuthorizerResult,
  api: HttpApi,
  exchange: InvocationContext,
): Omit<Authorization, 'outcome'> {
  const simple = 'isAuthorized' in result;
  const authorizer = {
    ...result.context,
    ...(!simple && { principalId: result.principalId }),
  };
  const allowed = simple
    ? result.isAuthorized
    : evaluate(result.policyDocument, routeArn(api, exchange)) === 'allowed';
  return allowed ? { authorizer } : { authorizer, failure: { errorType: 'ACCESS_DENIED' } };
}

import type {
  APIGatewayAuthorizerResult,
  APIGatewaySimpleAuthorizerResult,
  APIGatewaySimpleAuthorizerWithContextResult,
} from 'aws-lambda';
import { ContextKey } from '../contract';
import { encodeContextValue } from './context-value';
import type { Decision } from './decision';
import { Fault } from './errors';
import type { ResultFormat } from './gateway-request';
import type { TokenInfo } from './phantom-token';

/** @see https://docs.aws.amazon.com/general/latest/gr/apigateway.html (authorizer result size) */
export const MAX_RESULT_BYTES = 8192;

/** Message of the error that API Gateway turns into a 401. Any other message gives a 5xx. */
export const UNAUTHORIZED = 'Unauthorized';

/** Claim by which API Gateway counts a request against a usage plan. */
export type UsageIdentifierClaim = 'sub' | 'client_id';

export type AuthorizerContext = Record<string, string | number>;

interface WithContext {
  readonly context: AuthorizerContext;
}

export type AuthorizerResult =
  | APIGatewayAuthorizerResult
  | APIGatewaySimpleAuthorizerResult
  | APIGatewaySimpleAuthorizerWithContextResult<AuthorizerContext>;

/**
 * Turns a decision into what API Gateway acts on. This is the only place that maps outcomes.
 *
 * A policy always speaks for the whole stage: API Gateway replays it for every route that shares the
 * authorizer and the identity sources, and the deployment sees to it that those require the same.
 *
 * @param traceparent trace context of the request; only where the result is not cached.
 * @returns `UNAUTHORIZED` where the function has to fail with that message.
 * @throws Fault `phantom_token_too_large` if the result exceeds what API Gateway takes.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export function toAuthorizerResult(
  decision: Decision,
  answer: ResultFormat,
  usageIdentifierClaim?: UsageIdentifierClaim,
  traceparent?: string,
): AuthorizerResult | typeof UNAUTHORIZED {
  if (decision.outcome === 'unauthorized') return UNAUTHORIZED;
  const allowed = decision.outcome === 'allow';
  const { facts } = decision;
  const context = allowed
    ? authorizerContext(facts, answer.api)
    : forbiddenContext(decision.requiredScopes);
  if (answer.format === 'simple') {
    const result = { isAuthorized: allowed, context };
    assertFits(result);
    return withTrace(result, traceparent);
  }
  const { sub, clientId } = facts.claims;
  const principalId = encodeContextValue(sub || clientId || 'unknown');
  const identifier = usageIdentifierClaim && { sub, client_id: clientId }[usageIdentifierClaim];
  const usageIdentifierKey = encodeContextValue(identifier ?? '');
  const result: APIGatewayAuthorizerResult & WithContext = {
    principalId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          // An explicit Deny: with a resource policy, "neither allowed nor denied" may end as allowed.
          // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
          Effect: allowed ? 'Allow' : 'Deny',
          Action: 'execute-api:Invoke',
          Resource: answer.stageArn,
        },
      ],
    },
    context,
    ...(usageIdentifierKey !== '' && { usageIdentifierKey }),
  };
  assertFits(result, principalId, answer.stageArn, usageIdentifierKey);
  return withTrace(result, traceparent);
}

/** Returns the result with the trace context, unless that makes it too large: the client chooses it. */
function withTrace<Result extends AuthorizerResult & WithContext>(
  result: Result,
  traceparent: string | undefined,
): Result {
  if (traceparent === undefined) return result;
  const context = { ...result.context, [ContextKey.traceparent]: traceparent };
  const traced = { ...result, context };
  return sizeOf(traced) > MAX_RESULT_BYTES ? result : traced;
}

/**
 * Returns an error to throw to API Gateway, which access logs show as `$context.authorizer.error`. The
 * message can quote the authorization server, so it is encoded like the authorizer context.
 */
export function toAuthorizerError(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const message = encodeContextValue(error.message);
  if (message === error.message) return error;
  return Object.assign(new Error(message, { cause: error }), { name: error.name });
}

/**
 * Returns the context of an allowed request. Absent claims are omitted. The JWT is in the result once,
 * because the size of the result is limited. Mappings of REST APIs cannot prepend `Bearer`.
 */
function authorizerContext({ jwt, claims }: TokenInfo, api: 'REST' | 'HTTP'): AuthorizerContext {
  const { sub, clientId, scopes, exp } = claims;
  const context: AuthorizerContext =
    api === 'REST' ? { [ContextKey.authorization]: `Bearer ${jwt}` } : { [ContextKey.jwt]: jwt };
  if (sub !== undefined) context[ContextKey.subject] = encodeContextValue(sub);
  if (clientId !== undefined) context[ContextKey.clientId] = encodeContextValue(clientId);
  if (scopes?.length) context[ContextKey.scope] = encodeContextValue(scopes.join(' '));
  if (exp !== undefined) context[ContextKey.expiry] = exp;
  return context;
}

/**
 * Returns the context of a forbidden request. It names no scopes if none would suffice, or if they could make
 * the result too large.
 */
function forbiddenContext(requiredScopes: readonly string[]): AuthorizerContext {
  const text = encodeContextValue(requiredScopes.join(' '));
  const isNamed = text !== '' && text.length <= MAX_RESULT_BYTES / 2;
  return isNamed ? { [ContextKey.requiredScope]: text } : {};
}

/** Bytes that names, punctuation and fixed values take in a result, at most. */
const FRAME_BYTES = 512;
/** Bytes that a character takes in JSON, at most. */
const CHARACTER_BYTES = 6;

/**
 * Throws a fault if a result is too large. Most results are too small to have to be written as JSON first: JSON escapes
 * no character of the context, whose values are encoded.
 *
 * @param texts the other texts of the result that are not fixed.
 */
function assertFits(result: AuthorizerResult & WithContext, ...texts: readonly string[]): void {
  let atMost = FRAME_BYTES;
  for (const text of texts) atMost += CHARACTER_BYTES * text.length;
  for (const value of Object.values(result.context)) atMost += Buffer.byteLength(String(value));
  if (atMost <= MAX_RESULT_BYTES) return;
  const bytes = sizeOf(result);
  if (bytes > MAX_RESULT_BYTES) {
    throw new Fault(
      'phantom_token_too_large',
      `the authorizer result is ${bytes} bytes, at most ${MAX_RESULT_BYTES} are allowed`,
    );
  }
}

function sizeOf(result: AuthorizerResult): number {
  return Buffer.byteLength(JSON.stringify(result));
}

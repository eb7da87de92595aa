import type { APIGatewayAuthorizerResult, APIGatewayAuthorizerResultContext } from 'aws-lambda';
import { ContextKey } from '../contract';
import type { Decision } from './decision';
import { Fault } from './errors';
import type { Facts } from './phantom-token';

/** @see https://docs.aws.amazon.com/general/latest/gr/apigateway.html (authorizer result size) */
export const MAX_RESULT_BYTES = 8192;

/** API Gateway answers 401 to an error with exactly this message; any other gives a 5xx. */
export const UNAUTHORIZED = 'Unauthorized';

/**
 * Turns a decision into what API Gateway acts on. This is the only place that maps outcomes.
 *
 * @param resources the execute-api ARNs that the policy speaks of.
 * @returns `UNAUTHORIZED` where the function has to fail with that message.
 * @throws Fault `phantom_token_too_large` if the result exceeds what API Gateway takes.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export function toAuthorizerResult(
  decision: Decision,
  resources: string[],
): APIGatewayAuthorizerResult | typeof UNAUTHORIZED {
  switch (decision.outcome) {
    case 'unauthorized':
      return UNAUTHORIZED;
    // An explicit Deny: with a resource policy, "neither allowed nor denied" may end as allowed.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
    case 'forbidden':
      return policy(decision.facts, 'Deny', resources);
    case 'allow':
      return assertFits({
        ...policy(decision.facts, 'Allow', resources),
        context: authorizerContext(decision.facts),
      });
  }
}

function policy(
  { claims }: Facts,
  effect: 'Allow' | 'Deny',
  resources: string[],
): Pick<APIGatewayAuthorizerResult, 'principalId' | 'policyDocument'> {
  return {
    principalId: claims.sub || claims.clientId || 'unknown',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: effect, Action: 'execute-api:Invoke', Resource: resources }],
    },
  };
}

/** Absent claims are left out; the JWT stands here once, for every byte counts. */
function authorizerContext({ jwt, claims }: Facts): APIGatewayAuthorizerResultContext {
  return {
    [ContextKey.authorization]: `Bearer ${jwt}`,
    ...(claims.sub !== undefined && { [ContextKey.subject]: claims.sub }),
    ...(claims.clientId !== undefined && { [ContextKey.clientId]: claims.clientId }),
    ...(claims.scopes?.length && { [ContextKey.scope]: claims.scopes.join(' ') }),
    ...(claims.exp !== undefined && { [ContextKey.expiry]: claims.exp }),
  };
}

function assertFits(result: APIGatewayAuthorizerResult): APIGatewayAuthorizerResult {
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > MAX_RESULT_BYTES) {
    throw new Fault(
      'phantom_token_too_large',
      `the authorizer result is ${bytes} bytes, at most ${MAX_RESULT_BYTES} are allowed`,
    );
  }
  return result;
}

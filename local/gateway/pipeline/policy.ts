import { z } from 'zod';
import { matchesPattern } from '../definition/arn-pattern';

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]);

/**
 * Maximum length of a resource ARN in a statement, in characters.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
const MAX_RESOURCE_LENGTH = 512;

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore.refine(
    (resources) => [resources].flat().every((resource) => resource.length <= MAX_RESOURCE_LENGTH),
    { error: `a resource ARN must have at most ${MAX_RESOURCE_LENGTH} characters` },
  ),
});

/** Policy of an authorizer's result. Conditions, NotAction and NotResource are not supported. */
export const policySchema = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Statement: z.preprocess(
    (statement) => (Array.isArray(statement) ? statement : [statement]),
    z.array(statementSchema),
  ),
});

/** Policy of an authorizer's result. */
export type Policy = z.infer<typeof policySchema>;

/** Result of the evaluation of a policy. Only `allowed` lets a request through. */
export type PolicyDecision = 'allowed' | 'explicit-deny' | 'implicit-deny';

/**
 * Evaluates a policy for one method ARN. An explicit Deny wins; without a match the result is an implicit
 * deny.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicy(policy: Policy, methodArn: string): PolicyDecision {
  const effects = policy.Statement.filter(
    ({ Action, Resource }) =>
      // Actions are compared without regard to case.
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
      [Action]
        .flat()
        .some((action) => matchesPattern(action.toLowerCase(), 'execute-api:invoke')) &&
      [Resource].flat().some((resource) => matchesPattern(resource, methodArn)),
  ).map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'explicit-deny';
  return effects.includes('Allow') ? 'allowed' : 'implicit-deny';
}

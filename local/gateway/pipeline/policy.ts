import { z } from 'zod';

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]);

/**
 * The longest resource that a statement may name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
const resourceLimit = 512;

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore.refine(
    (resources) => [resources].flat().every((resource) => resource.length <= resourceLimit),
    { error: `a resource ARN may hold at most ${resourceLimit} characters` },
  ),
});

/** The policy of an authorizer's result. Conditions, NotAction and NotResource are not imitated. */
export const policySchema = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Statement: z.preprocess(
    (statement) => (Array.isArray(statement) ? statement : [statement]),
    z.array(statementSchema),
  ),
});

export type Policy = z.infer<typeof policySchema>;

/** What a policy says of a method. Only an allowed request goes on. */
export type Verdict = 'allowed' | 'explicit-deny' | 'implicit-deny';

/**
 * Evaluates a policy for one method ARN: an explicit Deny wins, no match is an implicit deny.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(policy: Policy, methodArn: string): Verdict {
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

/**
 * Whether the whole text fits a pattern in which `*` stands for any characters, slashes included,
 * and `?` for any one.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

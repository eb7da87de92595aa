import { z } from 'zod';

const oneOrMore = <Value extends z.ZodType>(value: Value) =>
  z.union([value, z.array(value).min(1)]);

const everyone = z.union([z.literal('*'), z.strictObject({ AWS: z.literal('*') })]);

/**
 * Resource policy that lets everyone call every method, so that authorizers alone decide. Local mode imitates no
 * other resource policy.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export const openPolicySchema = z.strictObject(
  {
    Version: z.string().optional(),
    Id: z.string().optional(),
    Statement: oneOrMore(
      z.strictObject({
        Sid: z.string().optional(),
        Effect: z.literal('Allow'),
        Principal: everyone,
        Action: oneOrMore(z.enum(['execute-api:Invoke', 'execute-api:*', '*'])),
        Resource: oneOrMore(z.string().regex(/^(?:\*|execute-api:(?:\/\*)+)$/)),
      }),
    ),
  },
  { error: 'is supported only if it lets everyone call every method' },
);

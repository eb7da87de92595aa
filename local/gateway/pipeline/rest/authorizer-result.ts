import { z } from 'zod';
import { policySchema } from '../policy';

/**
 * Result of an authorizer of a REST API.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export const authorizerResultSchema = z.strictObject({
  principalId: z.string(),
  policyDocument: policySchema,
  context: z
    .record(
      z.string(),
      // `null` arrives as null: https://github.com/DefinitelyTyped/DefinitelyTyped/pull/69823
      z.union([z.string(), z.number(), z.boolean(), z.null()], {
        error: 'a context value must be a string, a number, a boolean or null',
      }),
    )
    .default({}),
  // Value of an API key, used by methods whose API key source is AUTHORIZER.
  usageIdentifierKey: z.string().optional(),
});

/** Result of an authorizer of a REST API. */
export type RestAuthorizerResult = z.infer<typeof authorizerResultSchema>;

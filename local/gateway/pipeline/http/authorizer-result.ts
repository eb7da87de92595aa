import { z } from 'zod';
import type { HttpApiAuthorizer } from '../../definition/http/authorizer';
import { policySchema } from '../policy';

const contextV1 = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .refine((context) => !Object.hasOwn(context, 'claims'), { error: 'claims is a reserved key' });

// Values can be arrays and maps too.
const contextV2 = z.record(z.string(), z.unknown());

const simpleResult = z.strictObject({
  // The string "false" must not count as true.
  isAuthorized: z.boolean(),
  context: contextV2.default({}),
});

const policyResult = <Context extends z.ZodType>(context: Context) =>
  z.strictObject({
    principalId: z.string(),
    policyDocument: policySchema,
    context: context.optional(),
    // Used by REST APIs only; functions that serve both kinds can send it.
    usageIdentifierKey: z.string().optional(),
  });
const policyResultV1 = policyResult(contextV1);
const policyResultV2 = policyResult(contextV2);

/** Result of an authorizer of an HTTP API. */
export type HttpApiAuthorizerResult = z.infer<typeof simpleResult> | z.infer<typeof policyResultV2>;

/**
 * Returns the schema of an authorizer's result, by payload format and kind of response.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.payload-format-response
 */
export function authorizerResultSchema({ payloadFormat, simpleResponses }: HttpApiAuthorizer) {
  if (simpleResponses) return simpleResult;
  return payloadFormat === '2.0' ? policyResultV2 : policyResultV1;
}

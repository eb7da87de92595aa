import { z } from 'zod';
import { policySchema } from './policy';

/**
 * The most that a whole authorizer result may hold, as JSON.
 * https://docs.aws.amazon.com/general/latest/gr/apigateway.html
 */
const resultLimitBytes = 8 * 1024;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
const resultSchema = z.strictObject({
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
  // Counts only where API keys and usage plans are in use.
  usageIdentifierKey: z.string().optional(),
});

/** A result that API Gateway would act on. */
export type AuthorizerResult = z.infer<typeof resultSchema>;

/** Reads what the function answered; a fault is a sentence that quotes no value of it. */
export function parseAuthorizerResult(
  payload: unknown,
): { readonly result: AuthorizerResult } | { readonly fault: string } {
  const bytes = Buffer.byteLength(JSON.stringify(payload) ?? '');
  if (bytes > resultLimitBytes) {
    return {
      fault: `the authorizer result holds ${bytes} bytes, more than the ${resultLimitBytes} that API Gateway takes`,
    };
  }
  const reading = resultSchema.safeParse(payload);
  if (reading.success) return { result: reading.data };
  const faults = reading.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { fault: `the authorizer result is malformed: ${faults.join('; ')}` };
}

import type { z } from 'zod';

/**
 * The most that a whole authorizer result may hold, as JSON.
 * https://docs.aws.amazon.com/general/latest/gr/apigateway.html
 */
const resultLimitBytes = 8 * 1024;

/** Reads what the function answered; a fault is a sentence that quotes no value of it. */
export function parseAuthorizerResult<Schema extends z.ZodType>(
  payload: unknown,
  schema: Schema,
): { readonly result: z.infer<Schema> } | { readonly fault: string } {
  const bytes = Buffer.byteLength(JSON.stringify(payload) ?? '');
  if (bytes > resultLimitBytes) {
    return {
      fault: `the authorizer result holds ${bytes} bytes, more than the ${resultLimitBytes} that API Gateway takes`,
    };
  }
  const reading = schema.safeParse(payload);
  if (reading.success) return { result: reading.data };
  const faults = reading.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { fault: `the authorizer result is malformed: ${faults.join('; ')}` };
}

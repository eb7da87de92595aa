import type { z } from 'zod';

/**
 * Maximum size of an authorizer result as JSON, in bytes.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/apigateway.html
 */
const RESULT_LIMIT_BYTES = 8 * 1024;

/** Result of an authorizer, or the fault why it cannot be used. Faults quote no value of the result. */
export type ParsedResult<Result> = { readonly result: Result } | { readonly fault: string };

/** Parses the result of an authorizer, as JSON: members that are `undefined` are absent. */
export function parseAuthorizerResult<Schema extends z.ZodType>(
  payload: unknown,
  schema: Schema,
): ParsedResult<z.infer<Schema>> {
  const json = JSON.stringify(payload) ?? 'null';
  const bytes = Buffer.byteLength(json);
  if (bytes > RESULT_LIMIT_BYTES) {
    return {
      fault: `the authorizer result must be at most ${RESULT_LIMIT_BYTES} bytes, got: ${bytes}`,
    };
  }
  const parsed = schema.safeParse(JSON.parse(json));
  if (parsed.success) return { result: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { fault: `the authorizer result is malformed: ${issues.join('; ')}` };
}

import type { z } from 'zod';
import { UserError } from '../../terminal/user-error';

/** Resource of a template, with its intrinsic functions resolved. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: unknown;
}

/** Template with a feature that local mode does not support. Local mode stops instead of ignoring it. */
export class UnsupportedTemplateError extends UserError {
  override readonly name = 'UnsupportedTemplateError';
}

/** Template with a part that AWS accepts, but that local mode does not imitate. */
export class NotImitatedError extends UnsupportedTemplateError {}

/** Codes of the issues of properties and values without an implementation. Others are values that AWS rejects. */
const NOT_IMITATED = ['unrecognized_keys', 'invalid_value', 'invalid_union'];

/**
 * Parses the properties of a resource with a strict schema (`z.strictObject`), so that a property
 * without an implementation is an error.
 *
 * @throws NotImitatedError naming the resource, its type and every unsupported property; UnsupportedTemplateError
 * if AWS would reject one of them.
 */
export function parseProperties<Schema extends z.ZodType>(
  resource: Resource,
  schema: Schema,
): z.infer<Schema> {
  const result = schema.safeParse(withoutUndefined(resource.properties));
  if (result.success) return result.data;
  const issues = result.error.issues.map(
    (issue) => `${issue.path.join('.') || 'Properties'}: ${issue.message}`,
  );
  const isAccepted = result.error.issues.every(({ code }) => NOT_IMITATED.includes(code));
  throw new (isAccepted ? NotImitatedError : UnsupportedTemplateError)(
    `not supported in local mode: ${resource.logicalId} (${resource.type}): ${issues.join('; ')}`,
  );
}

/** Returns an object without the members that are `AWS::NoValue`. */
function withoutUndefined(properties: unknown): unknown {
  if (typeof properties !== 'object' || properties === null) return properties;
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

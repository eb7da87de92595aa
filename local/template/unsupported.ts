import type { z } from 'zod';

/** A resource of the template after its intrinsic functions were resolved. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: unknown;
}

/** The template holds something that local mode does not imitate: better no answer than a wrong one. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'NotUnderstoodError';
}

/**
 * Reads a resource's properties by a strict schema (`z.strictObject`), so that a property nobody
 * implemented stops local mode with its name instead of being ignored.
 *
 * @throws NotUnderstoodError naming the resource, its type and every property not understood.
 */
export function parseProperties<Schema extends z.ZodType>(
  resource: Resource,
  schema: Schema,
): z.infer<Schema> {
  const reading = schema.safeParse(resource.properties);
  if (reading.success) return reading.data;
  const faults = reading.error.issues.map(
    (issue) => `${issue.path.join('.') || 'Properties'}: ${issue.message}`,
  );
  throw new UnsupportedTemplateError(
    `local mode does not understand ${resource.logicalId} (${resource.type}): ${faults.join('; ')}`,
  );
}

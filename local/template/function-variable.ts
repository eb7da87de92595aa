import type { ResolvedResource } from './resolve';
import { UnsupportedTemplateError } from './unsupported';

/** Returns the value of an environment variable of a function, as far as it is known locally. */
export function functionVariable(
  { properties }: ResolvedResource,
  name: string,
): string | undefined {
  try {
    const { Environment } = properties as { Environment?: { Variables?: Record<string, unknown> } };
    const value = Environment?.Variables?.[name];
    return typeof value === 'string' ? value : undefined;
  } catch (error) {
    // The function cannot run locally, which it reports when it is called.
    if (error instanceof UnsupportedTemplateError) return undefined;
    throw error;
  }
}

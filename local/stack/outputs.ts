import type { ResolvedTemplate } from '../template/resolve';
import { UnsupportedTemplateError } from '../template/unsupported';

/** Returns the outputs of a template whose values local mode can resolve. */
export function outputsOf({ outputs }: ResolvedTemplate): Readonly<Record<string, string>> {
  const entries = Object.keys(outputs).flatMap((name) => {
    try {
      return [[name, String(outputs[name])]];
    } catch (error) {
      if (error instanceof UnsupportedTemplateError) return [];
      throw error;
    }
  });
  return Object.fromEntries(entries);
}

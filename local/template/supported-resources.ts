import { isIgnoredLocally } from './ignored-resources';
import type { ResolvedTemplate } from './resolve';
import { UnsupportedTemplateError } from './unsupported';

/**
 * Checks that each resource of the template is of a supported or an ignored type.
 *
 * @throws UnsupportedTemplateError naming every resource of another type.
 */
export function rejectUnsupportedTypes(
  template: ResolvedTemplate,
  supportedTypes: readonly string[],
): void {
  const unsupported = template.resources.filter(
    ({ type }) => !supportedTypes.includes(type) && !isIgnoredLocally(type),
  );
  if (unsupported.length === 0) return;
  const names = unsupported.map(({ logicalId, type }) => `${logicalId} (${type})`);
  throw new UnsupportedTemplateError(`not supported in local mode: ${names.join(', ')}`);
}

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
  rejectSigningKeys(template);
  const unsupported = template.resources.filter(
    ({ type }) => !supportedTypes.includes(type) && !isIgnoredLocally(type),
  );
  if (unsupported.length === 0) return;
  const names = unsupported.map(({ logicalId, type }) => `${logicalId} (${type})`);
  throw new UnsupportedTemplateError(`not supported in local mode: ${names.join(', ')}`);
}

/**
 * Checks that no key of KMS signs. Other keys only encrypt, and are ignored.
 *
 * @throws UnsupportedTemplateError naming the first key that signs.
 */
function rejectSigningKeys(template: ResolvedTemplate): void {
  const key = template
    .ofType('AWS::KMS::Key')
    .find(({ properties }) => (properties as { KeyUsage?: string }).KeyUsage === 'SIGN_VERIFY');
  if (key === undefined) return;
  throw new UnsupportedTemplateError(
    `not supported in local mode: ${key.logicalId} (AWS::KMS::Key): KeyUsage SIGN_VERIFY. ` +
      'Sign with keys in a secret ("key": "secret" in token.mint) to run it locally',
  );
}

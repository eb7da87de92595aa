import { isIgnoredLocally } from './ignored-resources';
import type { ResolvedTemplate } from './resolve';
import { UnsupportedTemplateError } from './unsupported';

/** Services whose resources can change the response to a request. Local mode imitates them, or refuses. */
const SERVED = /^AWS::(?:ApiGateway|ApiGatewayV2|DynamoDB|Lambda|SecretsManager)::/;

/** Types of other services that local mode imitates. */
const IMITATED: readonly string[] = ['AWS::SSM::Parameter'];

/** Types that concern the deployment itself. */
const HARMLESS = /^(?:AWS::CloudFormation::|Custom::)/;

/**
 * Checks that each resource of a service that local mode imitates is of a supported or an ignored type.
 *
 * @throws UnsupportedTemplateError naming every resource of another type.
 */
export function rejectUnsupportedTypes(
  template: ResolvedTemplate,
  supportedTypes: readonly string[],
): void {
  rejectSigningKeys(template);
  const unsupported = template.resources.filter(
    ({ type }) => SERVED.test(type) && !supportedTypes.includes(type) && !isIgnoredLocally(type),
  );
  if (unsupported.length === 0) return;
  const names = unsupported.map(({ logicalId, type }) => `${logicalId} (${type})`);
  throw new UnsupportedTemplateError(`not supported in local mode: ${names.join(', ')}`);
}

/**
 * Returns the resources that local mode does not imitate, as `id (type)`. Their references and attributes
 * are placeholders.
 */
export function placeholders({ resources }: ResolvedTemplate): readonly string[] {
  return resources
    .filter(
      ({ type }) =>
        !SERVED.test(type) &&
        !IMITATED.includes(type) &&
        !isIgnoredLocally(type) &&
        !HARMLESS.test(type),
    )
    .map(({ logicalId, type }) => `${logicalId} (${type})`);
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

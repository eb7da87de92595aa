import { functionVariable } from './function-variable';
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

/** Environment variable of a function that signs phantom tokens with a key in AWS KMS: the ARN of the key. */
const SIGNING_KEY = 'SIGNING_KMS_KEY_ARN';

/**
 * Checks that no key of KMS signs phantom tokens. Calls of KMS by other functions fail when they are made.
 *
 * @throws UnsupportedTemplateError naming the first function that signs with one.
 */
function rejectSigningKeys(template: ResolvedTemplate): void {
  const signer = template
    .ofType('AWS::Lambda::Function')
    .find((resource) => functionVariable(resource, SIGNING_KEY) !== undefined);
  if (signer === undefined) return;
  throw new UnsupportedTemplateError(
    `not supported in local mode: ${signer.logicalId} (AWS::Lambda::Function): keys in AWS KMS. ` +
      'Sign with keys in a secret ("key": "secret" in token.mint) to run it locally',
  );
}

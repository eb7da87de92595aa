import { Fn, Token } from 'aws-cdk-lib';
import { assertValid } from '../validation/prop-checks';
import { assertProp } from '../validation/prop-error';
import * as values from '../validation/shared-schemas';

/**
 * Validates an audience.
 *
 * @throws PropError if the list is empty, contains an empty string, or combines a list that is a CDK
 * token with other entries.
 */
export function assertAudience(audience: readonly string[] | undefined): void {
  assertValid('audience', audience, values.nonEmptyList, values.NON_EMPTY_LIST_RULE);
  if (audience === undefined || Token.isUnresolved(audience)) return;
  assertProp(
    'audience',
    audience,
    'must not combine a list that is a CDK token with other entries',
    !audience.some((entry) => Token.isUnresolved([entry])),
  );
}

/**
 * Returns an audience as JSON. A list whose value is known only at deployment, such as a parameter of
 * type `CommaDelimitedList`, is joined by CloudFormation.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/tokens.html
 */
export function encodeAudience(audience: readonly string[]): string {
  if (!Token.isUnresolved(audience)) return JSON.stringify(audience);
  return `["${Fn.join('","', [...audience])}"]`;
}

import { Fn, Token } from 'aws-cdk-lib';
import { assertValid } from '../validation/prop-checks';
import { assertProp } from '../validation/prop-error';
import * as values from '../validation/shared-schemas';

export const LIST_RULE = 'must be a list of one or more strings that are not empty';

/** @throws PropError if a given list is empty, holds an empty string or cannot be written to a template. */
export function assertAudience(audience: readonly string[] | undefined): void {
  assertValid('audience', audience, values.nonEmptyList, LIST_RULE);
  if (audience === undefined || Token.isUnresolved(audience)) return;
  assertProp(
    'audience',
    audience,
    'must not combine a list that is known only at the deployment with other entries',
    !audience.some((entry) => Token.isUnresolved([entry])),
  );
}

/**
 * Returns the JSON of an audience. CloudFormation joins a list that is known only at the deployment, such
 * as the value of a parameter of type `CommaDelimitedList`.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/tokens.html
 */
export function encodeAudience(audience: readonly string[]): string {
  if (!Token.isUnresolved(audience)) return JSON.stringify(audience);
  return `["${Fn.join('","', [...audience])}"]`;
}

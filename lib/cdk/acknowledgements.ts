import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Metadata of acknowledged rules, `Validations.ACKNOWLEDGED_RULES_METADATA_KEY` in versions that have it. */
const ACKNOWLEDGED_RULES = 'aws:cdk:acknowledged-rules';

/** Returns whether the app's aws-cdk-lib has `Validations`, which older versions lack. */
export function hasValidations(): boolean {
  return (Validations as unknown) !== undefined;
}

/**
 * Returns whether a finding is acknowledged, by `Validations.of(…).acknowledge()` or metadata, at a construct
 * or at one that it is in. The CDK itself lets warnings be acknowledged, errors not.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html
 */
export function isAcknowledged(construct: IConstruct, id: string): boolean {
  const recorded = construct.node.scopes
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === ACKNOWLEDGED_RULES)
    .flatMap(({ data }) => Object.keys(data));
  return recorded.some((key) => withoutPrefix(key) === normalized(id));
}

/** The CDK records `Annotations::` before the id. */
function withoutPrefix(key: string): string {
  return key.replace(/^annotations?::/i, '');
}

/** The CDK records hyphens in place of spaces. */
function normalized(id: string): string {
  return id.replaceAll(' ', '-');
}

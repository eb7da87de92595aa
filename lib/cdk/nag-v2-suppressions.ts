import { AspectPriority, Aspects, CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Name of the resource metadata that cdk-nag 2 reads. */
const METADATA = 'cdk_nag';

/** Suppression in the format of cdk-nag 2. */
export interface NagSuppression {
  readonly id: string;
  readonly reason: string;
  readonly applies_to?: readonly string[];
}

/**
 * Suppresses a rule for the resources of a construct in apps that use cdk-nag 2, also for those that are added
 * later. Other templates stay as they are.
 *
 * @see https://github.com/cdklabs/cdk-nag/blob/v2.37.55/README.md#suppressing-a-rule
 */
export function suppressForNag2(construct: IConstruct, suppression: NagSuppression): void {
  const suppressed = new WeakSet<IConstruct>();
  const visit = (node: IConstruct) => {
    if (!CfnResource.isCfnResource(node) || suppressed.has(node) || !usesNag2(construct)) return;
    suppressed.add(node);
    const { rules_to_suppress: others = [] } = node.getMetadata(METADATA) ?? {};
    node.addMetadata(METADATA, { rules_to_suppress: [...others, suppression] });
  };
  // Before the rules, which are aspects of the default priority.
  Aspects.of(construct).add({ visit }, { priority: AspectPriority.MUTATING });
}

/** Returns whether a rule pack of cdk-nag 2, which is an aspect, applies to a construct. */
function usesNag2(construct: IConstruct): boolean {
  const aspects = construct.node.scopes.flatMap((scope) => Aspects.of(scope).all);
  return aspects.some((aspect) => 'readPackName' in aspect);
}

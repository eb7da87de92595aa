import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Returns all resources of a type in the app of a construct. */
export function resourcesOf<Resource extends CfnResource>(
  construct: IConstruct,
  {
    CFN_RESOURCE_TYPE_NAME: type,
  }: { readonly CFN_RESOURCE_TYPE_NAME: string; prototype: Resource },
): readonly Resource[] {
  return construct.node.root.node
    .findAll()
    .filter((it): it is Resource => CfnResource.isCfnResource(it) && it.cfnResourceType === type);
}

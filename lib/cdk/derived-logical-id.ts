import { createHash } from 'node:crypto';
import { type CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Returns a short digest of a value. It is calculated at synthesis, when all tokens can be resolved.
 *
 * @param value function that is called at synthesis
 */
export function lazyDigest(scope: IConstruct, value: () => unknown): string {
  return Lazy.string({
    produce: () => {
      const resolved = JSON.stringify(Stack.of(scope).resolve(value()));
      return createHash('sha256').update(resolved).digest('hex').slice(0, 8).toUpperCase();
    },
  });
}

/**
 * Appends a digest to a resource's logical id. Whenever the digest changes, CloudFormation replaces the
 * resource: it creates a new one, and deletes the old one after the update.
 *
 * @param digest result of `lazyDigest`
 */
export function appendToLogicalId(resource: CfnResource, digest: string): void {
  const logicalId: string = resource.stack.resolve(resource.logicalId);
  resource.overrideLogicalId(`${logicalId}${digest}`);
}

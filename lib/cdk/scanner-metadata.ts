import type { CfnResource } from 'aws-cdk-lib';
import type { ScannerRules } from './scanner-rules';

/**
 * Adds suppressions to the metadata of a resource, where scanners of templates look for them. Suppressions
 * that are there already are kept.
 *
 * @see https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html
 * @see https://github.com/aws-cloudformation/cloudformation-guard/blob/main/docs/SUPPRESSING_RULES.md
 * @see https://github.com/aws-cloudformation/cfn-lint#metadata
 */
export function addScannerMetadata(
  resource: CfnResource,
  { reason, checkov = [], guard = [], lint = [] }: ScannerRules,
): void {
  append(
    resource,
    ['checkov', 'skip'],
    checkov.map((id) => ({ id, comment: reason })),
  );
  append(resource, ['guard', 'SuppressedRules'], guard);
  append(resource, ['cfn-lint', 'config', 'ignore_checks'], lint);
}

/** Appends items to a list in the metadata, which is at a path of keys. */
function append(
  resource: CfnResource,
  [key = '', ...path]: readonly string[],
  items: readonly unknown[],
): void {
  if (items.length === 0) return;
  resource.addMetadata(key, appended(resource.getMetadata(key), path, items));
}

function appended(
  value: unknown,
  [name, ...path]: readonly string[],
  items: readonly unknown[],
): unknown {
  if (name === undefined) return [...((value as readonly unknown[] | undefined) ?? []), ...items];
  const members = (value ?? {}) as Readonly<Record<string, unknown>>;
  return { ...members, [name]: appended(members[name], path, items) };
}

import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { assemblyOf } from '../cdk/construct-tree';
import type { Referent } from '../cdk/referent';
import { PropError } from '../validation/prop-error';

/** Protections by the APIs that they protect. */
const protections = new WeakMap<IConstruct, Map<Referent, IConstruct>>();

/** Records that an API has a protection. */
export function recordProtection(protection: IConstruct, referent: Referent): void {
  protectionsOf(protection).set(referent, protection);
}

/**
 * Checks that no other protection has the API. Each would report the routes of the other as unprotected.
 *
 * @throws PropError if another protection has it.
 */
export function assertProtectedOnce(
  protection: IConstruct,
  api: IConstruct,
  referent: Referent,
): void {
  const other = protectionsOf(protection).get(referent);
  if (other === undefined) return;
  throw new PropError(
    `api must have one protection: ${api.node.path} has ${other.node.path} and ${protection.node.path}`,
  );
}

/** @throws PropError if a protection is in another stack than its API. */
export function assertSameStack(protection: IConstruct, api: IConstruct): void {
  if (Stack.of(protection) === Stack.of(api)) return;
  throw new PropError(
    `${protection.node.path} must be in the stack of its API: it is in ${Stack.of(protection).node.path}, ` +
      `and ${api.node.path} is in ${Stack.of(api).node.path}`,
  );
}

function protectionsOf(construct: IConstruct): Map<Referent, IConstruct> {
  const assembly = assemblyOf(construct);
  const known = protections.get(assembly) ?? new Map<Referent, IConstruct>();
  protections.set(assembly, known);
  return known;
}

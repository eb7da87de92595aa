/**
 * Error for an invalid prop of a construct. The message contains the property, the rule and the value.
 */
export class PropError extends Error {
  override readonly name = 'PropError';
}

/** @throws PropError if the rule does not hold for the value of the prop. */
export function assertProp(prop: string, value: unknown, rule: string, holds: boolean): void {
  if (!holds) throw new PropError(`${prop} ${rule}, got: ${JSON.stringify(value)}`);
}

/** A value given to a construct that cannot be deployed; the message names it, the rule and the value. */
export class PropError extends Error {
  override readonly name = 'PropError';
}

/** @throws PropError unless the rule holds for the value of the prop. */
export function assertProp(prop: string, value: unknown, rule: string, holds: boolean): void {
  if (!holds) throw new PropError(`${prop} ${rule}, but is ${JSON.stringify(value)}`);
}

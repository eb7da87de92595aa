/** A value given to a construct that cannot be deployed; the message names it, the rule and the value. */
export class PropError extends Error {
  override readonly name = 'PropError';
}

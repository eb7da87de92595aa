/** Event by which an operator has the function check what it needs of other systems. */
export interface CheckEvent {
  readonly type: 'CHECK';
}

/** Returns whether an event asks for a check. Sending it takes permission to invoke the function. */
export function isCheckEvent(
  event: { readonly type: string } | null | undefined,
): event is CheckEvent {
  return event?.type === 'CHECK';
}

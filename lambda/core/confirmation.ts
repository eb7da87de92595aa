import { isJsonObject } from './json';

/**
 * Proof of possession that a token asks its sender for: a member of `cnf`.
 * @see https://www.rfc-editor.org/rfc/rfc7800#section-3.1
 */
export interface Confirmation {
  /** Name of the member, such as `jkt`. */
  readonly method: string;
  /** `undefined` if the member is not a string: nothing confirms it. */
  readonly value: string | undefined;
}

/**
 * Reads the claim `cnf`. Returns `undefined` if it is absent. A malformed one has no confirmation, but is
 * there.
 */
export function readConfirmations(cnf: unknown): readonly Confirmation[] | undefined {
  if (cnf === undefined) return undefined;
  if (!isJsonObject(cnf)) return [];
  return Object.entries(cnf).map(([method, value]) => ({
    method,
    value: typeof value === 'string' ? value : undefined,
  }));
}

/** Returns all confirmations that either side asks for. Contradictory ones cannot all be met. */
export function combineConfirmations(
  one: readonly Confirmation[] | undefined,
  other: readonly Confirmation[] | undefined,
): readonly Confirmation[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const isRepeated = ({ method, value }: Confirmation) =>
    one.some((it) => it.method === method && it.value === value);
  return [...one, ...other.filter((it) => !isRepeated(it))];
}

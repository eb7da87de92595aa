import type { HeaderField } from '../../request/message';

/** Returns the last value of each name. Names keep their casing: `X-A` and `x-a` are two members. */
export function lastValues(fields: readonly HeaderField[]): Record<string, string> {
  return Object.fromEntries(fields);
}

/** Returns all values of each name, in order. */
export function allValues(fields: readonly HeaderField[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

/** Returns the values of each name joined with commas, as in payload format 2.0. */
export function joinedValues(fields: readonly HeaderField[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(allValues(fields)).map(([name, values]) => [name, values.join(',')]),
  );
}

/** Returns the decoded parameters of a query string. */
export function queryFields(query: string): readonly HeaderField[] {
  return [...new URLSearchParams(query)];
}

/** Returns `null` for an object without members, as events of integrations have it. */
export function orNull<Members extends object>(members: Members): Members | null {
  return Object.keys(members).length > 0 ? members : null;
}

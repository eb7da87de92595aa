import type { JsonObject } from './json';
import { normalizePem } from './pem';

type Strings<Names extends readonly string[]> = { [Index in keyof Names]: string };

/**
 * Reads members of the secret as strings. A line break at the end is removed: no credential can contain one.
 *
 * @returns the values, or a sentence about the members that are missing or of another type. It quotes no
 * value.
 * @see https://www.rfc-editor.org/rfc/rfc6749#appendix-A
 */
export function readStrings<const Names extends readonly string[]>(
  members: JsonObject,
  names: Names,
): Strings<Names> | { readonly problem: string } {
  const values = names.map((name) => readString(name, members[name]));
  const missing = names.filter((_, index) => values[index] === '');
  const problems = [
    ...(missing.length > 0 ? [`the secret lacks ${missing.join(' and ')}`] : []),
    ...names.flatMap((name, index) =>
      values[index] === undefined
        ? [`${name} must be a string, got: ${typeOf(members[name])}`]
        : [],
    ),
  ];
  if (problems.length > 0) return { problem: problems.join('; ') };
  return values as unknown as Strings<Names>;
}

/** Returns the text of a member: empty if it is absent, `undefined` if it is of another type. */
function readString(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return normalizePem(withoutLineBreak(value));
  // A client ID can look like a number, and consoles store it as one.
  return name === 'client_id' && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Removes a line break at the end of a text. */
export function withoutLineBreak(text: string): string {
  return text.replace(/[\r\n]+$/, '');
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

import { printable } from '../lambda/core/printable';

/** Maximum length of a quoted value, in characters. */
const MAX_LENGTH = 200;

/** Returns a value in double quotes: bounded, printable and without JWTs. */
export function quoted(value: string): string {
  return `"${printable(value, MAX_LENGTH)}"`;
}

/** Returns both values and where they differ. */
export function difference(got: string, expected: string): string {
  return `got ${quoted(got)}, expected ${quoted(expected)} (${kindOfDifference(got, expected)})`;
}

function kindOfDifference(got: string, expected: string): string {
  const [one, other] = [got.replace(/\/$/, ''), expected.replace(/\/$/, '')];
  if (one === other) return 'only one of them ends with a slash';
  if (one.trim() === other.trim()) return 'white space';
  if (one.toLowerCase() === other.toLowerCase()) return 'upper and lower case';
  if (one.replace(/^https?:/, '') === other.replace(/^https?:/, '')) return 'http or https';
  const position = [...got].findIndex((character, index) => character !== expected[index]);
  return `from character ${(position < 0 ? got.length : position) + 1} on`;
}

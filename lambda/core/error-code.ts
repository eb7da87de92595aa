import { printable } from './printable';

/** Returns the code of an error, or its message if it has none: bounded, printable and without JWTs. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return printable('code' in error && error.code ? String(error.code) : error.message);
}

import { printable } from './printable';

/** Returns the code of an error, or its message if it has none: bounded, printable and without JWTs. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { readonly code?: unknown };
  return printable(code ? String(code) : error.message);
}

import { printable } from './printable';

/** Returns the member `code` of an error, such as `ECONNRESET` of Node.js. */
export function codeOf(error: Error): unknown {
  return (error as { readonly code?: unknown }).code;
}

/** Returns the code of an error, or its message if it has none: bounded, printable and without JWTs. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = codeOf(error);
  return printable(code ? String(code) : error.message);
}

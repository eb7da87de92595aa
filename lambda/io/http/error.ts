/**
 * Kinds of failures that the HTTP client itself detects. Errors of sockets keep the class and the code that
 * Node.js gives them.
 */
export type HttpErrorKind =
  | 'connect_timeout'
  | 'connection_closed'
  | 'response_too_large'
  | 'response_malformed';

/** Codes of Node.js for the same failures, so that one rule decides about retries. */
const CODES: Partial<Record<HttpErrorKind, string>> = {
  connect_timeout: 'ETIMEDOUT',
  connection_closed: 'ECONNRESET',
};

/** A failed HTTP exchange, whatever it was for. Each edge maps it to an error of its own. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: string | undefined;

  constructor(
    readonly kind: HttpErrorKind,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.code = CODES[kind];
  }
}

/** Returns whether the server responded with something that must not be read. */
export function isResponseRefused(error: unknown): error is HttpError {
  return (
    error instanceof HttpError &&
    (error.kind === 'response_too_large' || error.kind === 'response_malformed')
  );
}

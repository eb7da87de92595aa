import { codeOf } from './error-code';
import type { HttpResponse } from './http-response';

/** Pause before a retry, in milliseconds; jittered, so that many environments do not retry as one. */
const PAUSE_MS = 50;

/** Connection errors that are safe to retry. */
const RETRYABLE_ERRORS = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'],
  // Routes and names that are missing for a moment, as the AWS SDK retries them.
  // https://github.com/smithy-lang/smithy-typescript/blob/main/packages/service-error-classification/src/constants.ts
  ...['EAI_AGAIN', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

/** Statuses of proxies whose upstream is unavailable for a moment. */
const RETRYABLE_STATUSES = new Set([502, 503, 504]);

export type Attempt = { readonly response: HttpResponse } | { readonly error: unknown };

/**
 * Returns the pause before the only retry of an introspection, in milliseconds; `undefined` if a retry would
 * not help. A retry is safe, because introspection changes nothing.
 *
 * @param remainingMs time until the deadline.
 * @param random from 0 to 1.
 */
export function pauseBeforeRetry(
  attempt: Attempt,
  remainingMs: number,
  random: number,
): number | undefined {
  const pause = 'error' in attempt ? afterError(attempt.error) : afterStatus(attempt.response);
  if (pause === undefined) return undefined;
  const jittered = pause + PAUSE_MS * random;
  return jittered < remainingMs ? jittered : undefined;
}

function afterError(error: unknown): number | undefined {
  return isRetryableError(error) ? PAUSE_MS : undefined;
}

/** Returns whether an error is a connection error that is safe to retry. */
export function isRetryableError(error: unknown): boolean {
  return error instanceof Error && RETRYABLE_ERRORS.has(String(codeOf(error)));
}

function afterStatus({ status, headers }: HttpResponse): number | undefined {
  if (RETRYABLE_STATUSES.has(status)) return PAUSE_MS;
  // Too many requests: only when the server itself says how soon it takes more.
  // https://www.rfc-editor.org/rfc/rfc6585#section-4
  const retryAfter = String(headers['retry-after'] ?? '');
  return status === 429 && /^\d{1,3}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined;
}

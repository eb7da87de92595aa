import type { HttpResponse } from './introspection-response';

/** Pause before a retry, in milliseconds; jittered, so that many environments do not retry as one. */
const PAUSE_MS = 50;

/** Errors after which the request certainly did no harm: nobody answered, or nobody listened. */
const RETRYABLE_ERRORS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);

/** What proxies answer when the server behind them is away for a moment. */
const RETRYABLE_STATUSES = new Set([502, 503, 504]);

export type Attempt = { readonly response: HttpResponse } | { readonly error: unknown };

/**
 * How long to wait before the one retry of an introspection, in milliseconds; `undefined` if it would
 * not help. Asking again is safe, for introspection changes nothing.
 *
 * @param remainingMs what is left of the deadline.
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

/** Whether nobody answered, or nobody listened: another attempt, a moment later, may well succeed. */
export function isRetryableError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && RETRYABLE_ERRORS.has(String(error.code));
}

function afterStatus({ status, headers }: HttpResponse): number | undefined {
  if (RETRYABLE_STATUSES.has(status)) return PAUSE_MS;
  // Too many requests: only when the server itself says how soon it takes more.
  // https://www.rfc-editor.org/rfc/rfc6585#section-4
  const retryAfter = String(headers['retry-after'] ?? '');
  return status === 429 && /^\d{1,3}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined;
}

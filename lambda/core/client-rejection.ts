import type { HttpResponse } from './http-response';
import { parseJsonObject } from './json';
import type { Attempt } from './retry';

/**
 * Error codes that a response may name in a log. The list is closed, so that nothing else of a response gets
 * there.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 * @see https://www.rfc-editor.org/rfc/rfc7009#section-2.2.1
 */
const ERROR_CODES: readonly unknown[] = [
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client'],
  ...['unsupported_grant_type', 'invalid_scope', 'access_denied', 'server_error'],
  ...['temporarily_unavailable', 'invalid_token', 'insufficient_scope', 'unsupported_token_type'],
];

/** Alerts by which a server refuses a client certificate. @see https://www.rfc-editor.org/rfc/rfc8446#section-6.2 */
const CERTIFICATE_ALERT = /^ERR_SSL_.*ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED)$/;

/** Returns the `error` of an OAuth error response, if it is a code that an RFC defines. */
export function oauthError({ status, body }: HttpResponse): string | undefined {
  if (status < 400) return undefined;
  const error = parseJsonObject(body.toString('utf8'))?.['error'];
  return ERROR_CODES.includes(error) ? String(error) : undefined;
}

/**
 * Returns whether a response refuses our own credentials. 400 is the regular response where they are in the
 * form; some servers respond 403.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function isClientRejected(response: HttpResponse): boolean {
  const { status } = response;
  if (status === 401 || status === 403) return true;
  const error = oauthError(response);
  return status === 400 && (error === 'invalid_client' || error === 'unauthorized_client');
}

/** Returns whether the server refused the certificate of our connection. */
export function isCertificateRejected(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CERTIFICATE_ALERT.test(String(error.code));
}

/** Returns whether an attempt failed because of our own credentials. */
export function isRejected(attempt: Attempt): boolean {
  return 'response' in attempt
    ? isClientRejected(attempt.response)
    : isCertificateRejected(attempt.error);
}

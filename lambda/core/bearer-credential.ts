import { headerValues, type RequestHeaders } from './request-headers';

/** Longer access tokens are refused before any work is done for them, in characters. */
export const MAX_ACCESS_TOKEN_LENGTH = 4096;

/**
 * Scheme compared case-insensitively, one or more spaces, then a `b64token` and nothing else.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.1
 */
const CREDENTIAL = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*)$/i;

/** No scheme, spaces and token together can be longer; checked before the pattern runs. */
const MAX_CREDENTIAL_LENGTH = MAX_ACCESS_TOKEN_LENGTH + 64;

/** An access token, and the scheme that it was sent with. */
export interface AccessTokenCredential {
  readonly accessToken: string;
  /** Absent for the scheme `Bearer`. */
  readonly scheme?: 'DPoP';
}

export type BearerCredential =
  | AccessTokenCredential
  | { readonly denied: 'access_token_missing' | 'credential_malformed' };

/**
 * Returns the one credential of a request, or the reason of its denial.
 *
 * @param acceptsDpop whether the scheme `DPoP` is known. Without it that scheme is like any other.
 */
export function readBearerCredential(
  request: RequestHeaders,
  acceptsDpop = false,
): BearerCredential {
  const values = headerValues(request, 'authorization');
  const [value] = values;
  if (value === undefined) return { denied: 'access_token_missing' };
  // More than one credential is never guessed between.
  // https://www.rfc-editor.org/rfc/rfc6750#section-3.1 (invalid_request)
  if (values.length > 1 || value.length > MAX_CREDENTIAL_LENGTH) {
    return { denied: 'credential_malformed' };
  }
  const [, scheme, accessToken] = CREDENTIAL.exec(value) ?? [];
  const isDpop = scheme?.toLowerCase() === 'dpop';
  if (accessToken === undefined || accessToken.length > MAX_ACCESS_TOKEN_LENGTH) {
    return { denied: 'credential_malformed' };
  }
  if (!isDpop) return { accessToken };
  return acceptsDpop ? { accessToken, scheme: 'DPoP' } : { denied: 'credential_malformed' };
}

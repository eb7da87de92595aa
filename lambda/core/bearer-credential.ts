import type { DenialReason } from './decision';

/** Longer access tokens are refused before any work is done for them, in characters. */
export const MAX_ACCESS_TOKEN_LENGTH = 4096;

/**
 * Scheme compared case-insensitively, one or more spaces, then a `b64token` and nothing else.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.1
 */
const BEARER_CREDENTIAL = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** No scheme, spaces and token together can be longer; checked before the pattern runs. */
const MAX_CREDENTIAL_LENGTH = MAX_ACCESS_TOKEN_LENGTH + 64;

export type BearerCredential =
  | { readonly accessToken: string }
  | { readonly denied: Extract<DenialReason, 'access_token_missing' | 'credential_malformed'> };

/** The headers of a request, as API Gateway hands them over. */
export interface RequestHeaders {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
}

/** Takes the one bearer credential of a request, or says why there is none. */
export function readBearerCredential(request: RequestHeaders): BearerCredential {
  const values = authorizationValues(request);
  const [value] = values;
  if (value === undefined) return { denied: 'access_token_missing' };
  // More than one credential is never guessed between.
  // https://www.rfc-editor.org/rfc/rfc6750#section-3.1 (invalid_request)
  if (values.length > 1 || value.length > MAX_CREDENTIAL_LENGTH) {
    return { denied: 'credential_malformed' };
  }
  const accessToken = BEARER_CREDENTIAL.exec(value)?.[1];
  if (accessToken === undefined || accessToken.length > MAX_ACCESS_TOKEN_LENGTH) {
    return { denied: 'credential_malformed' };
  }
  return { accessToken };
}

/**
 * REST APIs keep the client's header casing, and HTTP/2 clients send lower case, so names are compared
 * case-insensitively. Only `multiValueHeaders` shows repeated headers, but it may be absent.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
function authorizationValues(request: RequestHeaders): string[] {
  const repeated = valuesNamed(request.multiValueHeaders ?? {});
  return repeated.length > 0 ? repeated : valuesNamed(request.headers ?? {});
}

function valuesNamed(headers: Readonly<Record<string, unknown>>): string[] {
  return (
    Object.entries(headers)
      .filter(([name]) => name.toLowerCase() === 'authorization')
      .flatMap(([, value]) => value ?? [])
      // Hand-made events can hold `[null]`: a value that is not a credential, but a value.
      .map((value) => (typeof value === 'string' ? value : ''))
  );
}

/** Characters other than printable ASCII, and the three that a JSON string or the encoding gives a meaning. */
const UNSAFE = /[^ -~]|["%\\]/gu;

/**
 * Returns the text with every unsafe character percent-encoded as UTF-8, so that the result is safe inside
 * a JSON string and in a header. `decodeURIComponent` restores the text. Identifiers that conform to
 * OAuth and OpenID Connect are printable ASCII and rarely change.
 *
 * API Gateway builds access logs and mapped headers by substitution. Whether it escapes values of the
 * authorizer context is undocumented.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-2.1
 * @see https://www.rfc-editor.org/rfc/rfc6749#appendix-A.1
 */
export function encodeContextValue(text: string): string {
  return text.replace(UNSAFE, encodeCharacter);
}

/** A lone surrogate has no UTF-8 form; it becomes U+FFFD. */
function encodeCharacter(character: string): string {
  return /\p{Surrogate}/u.test(character) ? '%EF%BF%BD' : encodeURIComponent(character);
}

/** What strings may hold that the constructs put where something else reads them as syntax. */

/** What may stand in a challenge's quoted values and in an API Gateway static value: no quotes. */
export const REALM = /^[\x20\x21\x23-\x26\x28-\x5B\x5D-\x7E]+$/;
export const REALM_RULE = 'must be printable ASCII without quotes and \\';

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
export const SCOPE = /^[\x21\x23-\x26\x28-\x5B\x5D-\x7E]+$/;
export const SCOPE_RULE = 'must be one scope: printable ASCII without spaces, quotes and \\';

export const ORIGIN = /^(\*|https?:\/\/[^\s/'"]+)$/;
export const ORIGIN_RULE = 'must be * or an origin';

/** What API Gateway's templates and challenges would take for syntax. */
export const UNPUBLISHABLE = /[#$"'\\]/;
export const PUBLISHABLE_RULE = 'must not contain #, $, quotes or \\';

/** What PEM of a certificate begins with. @see https://www.rfc-editor.org/rfc/rfc7468#section-5.1 */
export const CERTIFICATE = /-----BEGIN CERTIFICATE-----/;

export const HEADER_NAME = /^[A-Za-z0-9-]+$/;

/**
 * Header names that HTTP APIs keep for themselves, and those that would break a request.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export const RESERVED_HEADER = new RegExp(
  '^(access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|' +
    'content-location|content-type|cookie|forwarded|host|keep-alive|origin|proxy-authenticate|' +
    'proxy-authorization|te|trailers?|transfer-encoding|upgrade|via|x-amz-.*|x-amzn-.*|' +
    'x-forwarded-(for|host|proto))$',
  'i',
);

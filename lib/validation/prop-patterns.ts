// Patterns of strings that become part of a syntax: challenges, static values, templates, headers.

/** Realm that is valid in a quoted string of a challenge and in a static value of API Gateway. */
export const REALM = /^[\x20\x21\x23-\x26\x28-\x5B\x5D-\x7E]+$/;
export const REALM_RULE = 'must be printable ASCII without quotes and \\';

/**
 * Scope token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
export const SCOPE = /^[\x21\x23-\x26\x28-\x5B\x5D-\x7E]+$/;
export const SCOPE_RULE = 'must be one scope: printable ASCII without spaces, quotes and \\';

/** Allowed origin of CORS, or `*` for all origins. */
export const ORIGIN = /^(\*|https?:\/\/[^\s/'"]+)$/;
export const ORIGIN_RULE = 'must be * or an origin';

/** Characters with a special meaning in API Gateway's mapping templates or in challenges. */
export const UNPUBLISHABLE = /[#$"'\\]/;
export const PUBLISHABLE_RULE = 'must not contain #, $, quotes or \\';

/**
 * Beginning of a PEM certificate.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7468#section-5.1
 */
export const CERTIFICATE = /-----BEGIN CERTIFICATE-----/;

/** Header name of letters, digits and hyphens. */
export const HEADER_NAME = /^[A-Za-z0-9-]+$/;

/**
 * Header names that HTTP APIs reserve, and names that would break a request.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export const RESERVED_HEADER = new RegExp(
  '^(access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|' +
    'content-location|content-type|cookie|forwarded|host|keep-alive|origin|proxy-authenticate|' +
    'proxy-authorization|te|trailers?|transfer-encoding|upgrade|via|x-amz-.*|x-amzn-.*|' +
    'x-forwarded-(for|host|proto))$',
  'i',
);

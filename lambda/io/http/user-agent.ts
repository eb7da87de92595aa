/**
 * Name of the authorizer in requests to the authorization server: web application firewalls refuse requests
 * without one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.1.5
 */
export const USER_AGENT = 'phantom-token-authorizer/0.1.0';

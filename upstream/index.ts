/**
 * Helpers for Lambda functions behind a protected API. They read the phantom token from an event, or
 * convert the event for existing JWT middleware. They have no dependencies.
 *
 * API Gateway cannot change the headers of an event, so `Authorization` still contains the client's
 * opaque access token. The authorizer context contains the phantom token.
 *
 * Take identities from the verified JWT. The values `sub`, `client_id` and `scope` of the context are
 * percent-encoded; `decodeURIComponent` decodes them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @module phantom-token-authorizer/upstream
 */

/** Proxy event of a REST API, or of an HTTP API with payload format 1.0 or 2.0. */
export interface ProxyEvent {
  /** Headers by name, in the case that the client sent. */
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  /** All values of each header; absent in payload format 2.0. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  /** Request context, which contains the authorizer context. */
  readonly requestContext: object;
}

/**
 * Returns the phantom token (the bare JWT) from the authorizer context, or `undefined` if there is none,
 * as on a public route. A client cannot forge it with anything that it sends.
 *
 * @example
 * const jwt = phantomToken(event);
 * if (jwt === undefined) return { statusCode: 401 };
 */
export function phantomToken(event: ProxyEvent): string | undefined {
  const { authorizer } = event.requestContext as { authorizer?: unknown };
  const context = asObject(authorizer);
  // In payload format 2.0 the context is in the member `lambda`.
  const { jwt, authorization } = asObject(context?.['lambda']) ?? context ?? {};
  if (typeof jwt === 'string') return jwt;
  return typeof authorization === 'string' ? authorization.replace(/^Bearer /, '') : undefined;
}

/**
 * Returns a copy of the event with the phantom token in the `Authorization` header, for JWT middleware.
 * Without a phantom token the copy has no `Authorization` header, so that the middleware rejects the
 * request instead of reading the client's value.
 *
 * @example
 * export const handler = (event: APIGatewayProxyEvent) => existingHandler(withPhantomToken(event));
 */
export function withPhantomToken<Event extends ProxyEvent>(event: Event): Event {
  const jwt = phantomToken(event);
  const headers = withoutAuthorization(event.headers);
  const multiValueHeaders =
    event.multiValueHeaders && withoutAuthorization(event.multiValueHeaders);
  if (jwt !== undefined) {
    const name = headerNameFor(event);
    headers[name] = `Bearer ${jwt}`;
    if (multiValueHeaders) multiValueHeaders[name] = [`Bearer ${jwt}`];
  }
  return { ...event, headers, ...(multiValueHeaders && { multiValueHeaders }) };
}

/** Returns the header name in lower case for payload format 2.0, as in all its header names. */
function headerNameFor(event: ProxyEvent): 'authorization' | 'Authorization' {
  return 'version' in event && event.version === '2.0' ? 'authorization' : 'Authorization';
}

/** Returns the headers without `Authorization` in any case. */
function withoutAuthorization<Value>(
  headers: Readonly<Record<string, Value>> | null | undefined,
): Record<string, Value | string | string[]> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'authorization'),
  );
}

/** Returns the value if it is an object. */
function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : undefined;
}

/**
 * For Lambda functions behind an API that this project protects: where the phantom token is, and an
 * event that existing JWT middleware understands. It depends on nothing.
 *
 * API Gateway cannot change headers on the way to a Lambda function, so `Authorization` still holds the
 * client's opaque access token there; the phantom token comes in the authorizer context.
 *
 * Identities belong to the verified JWT. The context's own `sub`, `client_id` and `scope` are
 * percent-encoded; `decodeURIComponent` restores them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

/** What is read of a proxy event: of a REST API, or of an HTTP API with payload format 1.0 or 2.0. */
export interface ProxyEvent {
  /** By name, in whatever case the client wrote it. */
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  /** The same, with every value of a repeated header; HTTP APIs with format 2.0 have none. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  /** Holds the authorizer context. */
  readonly requestContext: object;
}

/**
 * The phantom token (the bare JWT) that the authorizer put into the event; `undefined` if there is none,
 * as on a public route. Nothing that a client sends can take its place.
 *
 * @example
 * const jwt = phantomToken(event);
 * if (jwt === undefined) return { statusCode: 401 };
 */
export function phantomToken(event: ProxyEvent): string | undefined {
  const { authorizer } = event.requestContext as { authorizer?: unknown };
  const context = asObject(authorizer);
  // HTTP APIs nest the context in payload format 2.0 only.
  const { jwt, authorization } = asObject(context?.['lambda']) ?? context ?? {};
  if (typeof jwt === 'string') return jwt;
  return typeof authorization === 'string' ? authorization.replace(/^Bearer /, '') : undefined;
}

/**
 * A copy of the event whose `Authorization` header is the phantom token, for JWT middleware that looks
 * there. Without a phantom token the copy has no such header at all, so that the middleware refuses it:
 * the client's own value is never taken for a phantom token.
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
    const name = nameFor(event);
    headers[name] = `Bearer ${jwt}`;
    if (multiValueHeaders) multiValueHeaders[name] = [`Bearer ${jwt}`];
  }
  return { ...event, headers, ...(multiValueHeaders && { multiValueHeaders }) };
}

/** HTTP APIs give header names in lower case in payload format 2.0, and their middleware expects it. */
function nameFor(event: ProxyEvent): 'authorization' | 'Authorization' {
  return 'version' in event && event.version === '2.0' ? 'authorization' : 'Authorization';
}

function withoutAuthorization<Value>(
  headers: Readonly<Record<string, Value>> | null | undefined,
): Record<string, Value | string | string[]> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'authorization'),
  );
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : undefined;
}

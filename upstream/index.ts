/**
 * Helpers for upstreams of a protected API. They read the phantom token from the event of a Lambda function,
 * convert the event for existing JWT middleware, or add the identity that MCP SDK servers take to a request.
 * They have no dependencies.
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

import { type AuthInfo, authInfoOf, type PhantomTokenClaims } from './auth-info';

export type { AuthInfo, PhantomTokenClaims };

/** Proxy event of a REST API, or of an HTTP API with payload format 1.0 or 2.0. */
export interface ProxyEvent {
  /** Headers by name, in the case that the client sent. */
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  /** All values of each header; absent in payload format 2.0. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  /** Request context, which contains the authorizer context. */
  readonly requestContext: object;
}

/** Request to an HTTP server behind a REST API, such as Node.js's `IncomingMessage` or Express's `Request`. */
export interface HttpRequest {
  /** Headers by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Verifies a phantom token and returns its claims. It rejects if signature, issuer, audience or time are not
 * valid.
 */
export type VerifyPhantomToken = (jwt: string) => Promise<PhantomTokenClaims>;

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
export function withPhantomToken<Event extends ProxyEvent>(event: Event): Event;
/**
 * Verifies the phantom token and adds the identity of the caller as `auth`, which MCP SDK servers take. An
 * event is copied as above. An HTTP request, whose `Authorization` header has the phantom token, is the same
 * object afterwards.
 *
 * @example
 * const { auth } = await withPhantomToken(event, verify);
 * const response = await mcpHandler.fetch(request, { authInfo: auth });
 * @example
 * await transport.handleRequest(await withPhantomToken(req, verify), res, req.body);
 * @throws Error if there is no phantom token, and the error of `verify` if it is not valid. Respond with 401.
 */
export function withPhantomToken<Request extends ProxyEvent | HttpRequest>(
  request: Request,
  verify: VerifyPhantomToken,
): Promise<
  Request & {
    /** Identity of the caller. */
    auth: AuthInfo;
  }
>;
export function withPhantomToken(
  request: ProxyEvent | HttpRequest,
  verify?: VerifyPhantomToken,
): ProxyEvent | Promise<object> {
  if (!isEvent(request)) return authenticated(request, bearerToken(request), verify);
  const event = withJwtHeader(request);
  return verify === undefined ? event : authenticated(event, phantomToken(request), verify);
}

async function authenticated(
  request: object,
  jwt: string | undefined,
  verify: VerifyPhantomToken | undefined,
): Promise<object> {
  if (jwt === undefined) throw new Error('the request has no phantom token');
  if (verify === undefined) throw new TypeError('verify must be a function');
  return Object.assign(request, { auth: authInfoOf(jwt, await verify(jwt)) });
}

function isEvent(request: ProxyEvent | HttpRequest): request is ProxyEvent {
  return 'requestContext' in request;
}

/** Returns the credential of the scheme `Bearer`. @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
function bearerToken({ headers }: HttpRequest): string | undefined {
  const { authorization } = headers;
  return typeof authorization === 'string'
    ? /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    : undefined;
}

function withJwtHeader<Event extends ProxyEvent>(event: Event): Event {
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

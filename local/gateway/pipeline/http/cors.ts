import type { CorsProperties } from '../../definition/http/resource-schemas';
import {
  type HeaderField,
  type HttpRequest,
  type HttpResponse,
  headerValues,
} from '../../request/message';
import { type Ended, endWith } from '../pipeline';
import type { HttpApiInvocation } from './invocation';

/**
 * Step: responds to a preflight request that no route serves. A route that matches, `ANY` and `$default`
 * included, is served like any other, with its authorizer: "The $default route catches requests for all
 * methods and routes that you haven't explicitly defined, including OPTIONS requests." The same is known
 * of ANY: https://github.com/anomalyco/sst/issues/5493
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html#http-api-cors-default-route
 */
export function respondToPreflight(invocation: HttpApiInvocation): HttpApiInvocation | Ended {
  const { api, match, request } = invocation;
  if (match || !api.cors || !isPreflight(request)) return invocation;
  return endWith(invocation, preflightResponse(api.cors, request));
}

/**
 * Step: adds CORS headers to the response. "For a CORS request, API Gateway adds the configured CORS
 * headers to the response from an integration", and "ignores CORS headers returned from your backend
 * integration." AWS documents nothing about its own error responses, so those have none.
 */
export function addCorsHeaders<
  State extends HttpApiInvocation & { readonly response: HttpResponse },
>(invocation: State): State {
  const { api, request, response } = invocation;
  if (!api.cors) return invocation;
  const origin = allowedOrigin(api.cors, request);
  const headers = [
    ...response.headers.filter(([name]) => !/^access-control-/i.test(name)),
    ...originHeaders(api.cors, origin),
    ...(origin
      ? listHeader('Access-Control-Expose-Headers', lowerCase(api.cors.ExposeHeaders))
      : []),
  ];
  return { ...invocation, response: { ...response, headers } };
}

/**
 * Tests for a preflight request: "For the OPTIONS method, your request must contain an origin header and
 * an Access-Control-Request-Method header."
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
function isPreflight({ method, headers }: HttpRequest): boolean {
  return (
    method === 'OPTIONS' &&
    ['Origin', 'Access-Control-Request-Method'].every(
      (name) => headerValues(headers, name).length > 0,
    )
  );
}

/** Returns the response to a preflight request, without CORS headers for an origin that is not allowed. */
function preflightResponse(cors: CorsProperties, request: HttpRequest): HttpResponse {
  const origin = allowedOrigin(cors, request);
  const headers: readonly HeaderField[] = [
    ...originHeaders(cors, origin),
    ...listHeader('Access-Control-Allow-Methods', cors.AllowMethods),
    ...listHeader('Access-Control-Allow-Headers', lowerCase(cors.AllowHeaders)),
    ...(cors.MaxAge === undefined
      ? []
      : [['Access-Control-Max-Age', String(cors.MaxAge)] as const]),
  ];
  return { status: 204, headers: origin ? headers : [], body: Buffer.alloc(0) };
}

/** Returns the value of `Access-Control-Allow-Origin`, or `undefined` if the origin is not allowed. */
function allowedOrigin(
  { AllowOrigins }: CorsProperties,
  { headers }: HttpRequest,
): string | undefined {
  const [origin] = headerValues(headers, 'Origin');
  if (!origin) return undefined;
  if (AllowOrigins.includes('*')) return '*';
  const allowed = AllowOrigins.some((pattern) =>
    ['https://*', 'http://*'].includes(pattern)
      ? origin.startsWith(pattern.slice(0, -1))
      : origin === pattern,
  );
  return allowed ? origin : undefined;
}

function originHeaders(
  { AllowCredentials }: CorsProperties,
  origin: string | undefined,
): readonly HeaderField[] {
  if (!origin) return [];
  return [
    ['Access-Control-Allow-Origin', origin],
    ...(AllowCredentials ? [['Access-Control-Allow-Credentials', 'true'] as const] : []),
  ];
}

/**
 * Returns header names as API Gateway sends them.
 *
 * @see https://github.com/serverless/serverless/blob/main/test/integration/aws/http-api.test.js
 */
function lowerCase(names: readonly string[]): readonly string[] {
  return names.map((name) => name.toLowerCase());
}

function listHeader(name: string, values: readonly string[]): readonly HeaderField[] {
  return values.length > 0 ? [[name, values.join(',')]] : [];
}

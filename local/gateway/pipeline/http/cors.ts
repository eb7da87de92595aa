import type { CorsProperties } from '../../definition/http/resource-schemas';
import {
  type GatewayRequest,
  type GatewayResponse,
  type HeaderField,
  headerValues,
} from '../../request/message';

/**
 * Whether a request is one that an API with CORS answers by itself when no route serves it: "For the
 * OPTIONS method, your request must contain an origin header and an Access-Control-Request-Method
 * header."
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function isPreflight({ method, headers }: GatewayRequest): boolean {
  return (
    method === 'OPTIONS' &&
    ['Origin', 'Access-Control-Request-Method'].every(
      (name) => headerValues(headers, name).length > 0,
    )
  );
}

/** An origin that is not allowed gets no CORS headers, and the browser stops there. */
export function preflightAnswer(cors: CorsProperties, request: GatewayRequest): GatewayResponse {
  const origin = allowedOrigin(cors, request);
  const headers: readonly (HeaderField | false)[] = [
    ...originHeaders(cors, origin),
    list('Access-Control-Allow-Methods', cors.AllowMethods),
    list('Access-Control-Allow-Headers', cors.AllowHeaders),
    cors.MaxAge !== undefined && ['Access-Control-Max-Age', String(cors.MaxAge)],
  ];
  return {
    status: 204,
    headers: origin ? headers.filter((header) => header !== false) : [],
    body: Buffer.alloc(0),
  };
}

/**
 * "For a CORS request, API Gateway adds the configured CORS headers to the response from an
 * integration", and "ignores CORS headers returned from your backend integration." Of its own error
 * responses AWS says nothing.
 */
export function withCors(
  cors: CorsProperties,
  request: GatewayRequest,
  answer: GatewayResponse,
): GatewayResponse {
  const origin = allowedOrigin(cors, request);
  const headers = [
    ...answer.headers.filter(([name]) => !/^access-control-/i.test(name)),
    ...originHeaders(cors, origin),
    ...(origin ? [list('Access-Control-Expose-Headers', cors.ExposeHeaders)] : []),
  ].filter((header) => header !== false);
  return { ...answer, headers };
}

/** What `Access-Control-Allow-Origin` says; `undefined` when the request's origin is not allowed. */
function allowedOrigin(
  { AllowOrigins }: CorsProperties,
  { headers }: GatewayRequest,
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

function list(name: string, values: readonly string[]): HeaderField | false {
  return values.length > 0 && [name, values.join(',')];
}

import type { ServedExchange } from '../../stack/stack-observer';
import type { RequestEvent } from './model';
import { isAuthorizerEvent } from './observed';

type UpstreamCall = NonNullable<RequestEvent['upstream']>;

/** Returns the call of the upstream, with the name of the header that has the phantom token. */
export function upstreamCall(
  exchange: ServedExchange,
  jwt: string | undefined,
): UpstreamCall | undefined {
  const call = callOf(exchange);
  const [jwtHeader] = call?.headers.find(([, value]) => jwt && value.includes(jwt)) ?? [];
  return call && { ...call, jwtHeader };
}

/** Returns the call of an HTTP endpoint, or of a function other than the authorizer. */
function callOf({ ports, record }: ServedExchange): Omit<UpstreamCall, 'jwtHeader'> | undefined {
  const [http] = ports.upstreamCalls;
  if (http) {
    const { request, response, durationMs } = http;
    return {
      target: `${request.method} ${request.origin.origin}${request.target}`,
      headers: request.headers,
      durationMs,
      status: typeof response === 'string' ? response : response.status,
    };
  }
  const [invoked] = ports.functionCalls.filter(({ event }) => !isAuthorizerEvent(event));
  if (invoked === undefined) return undefined;
  const { headers, requestContext } = invoked.event as LambdaEvent;
  const { authorizer = {} } = requestContext ?? {};
  const context = Object.entries((authorizer['lambda'] ?? authorizer) as object);
  return {
    target: invoked.functionArn,
    headers: [
      ...Object.entries(headers ?? {}),
      ...context.map(([name, value]) => [`context.${name}`, String(value)] as const),
    ],
    durationMs: invoked.durationMs,
    status: 'error' in invoked.result ? 'failed' : record.status,
  };
}

interface LambdaEvent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestContext?: { readonly authorizer?: Readonly<Record<string, unknown>> };
}

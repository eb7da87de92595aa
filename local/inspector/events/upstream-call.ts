import type { ServedExchange } from '../../stack/stack-observer';
import type { RequestEvent } from './model';
import { isAuthorizerEvent } from './observed';

/** Returns the call of the upstream: an HTTP endpoint, or a function other than the authorizer. */
export function upstreamCall({ ports, record }: ServedExchange): RequestEvent['upstream'] {
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

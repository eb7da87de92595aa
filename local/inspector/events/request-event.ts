import { StringDecoder } from 'node:string_decoder';
import { headerValues } from '../../gateway/request/message';
import { authorizerCalls } from './authorizer-calls';
import { calledTool } from './called-tool';
import { checksOf } from './checks';
import { claimsOf } from './jwt';
import type { Body, Credential, RequestEvent } from './model';
import type { Observed } from './observed';
import { phantomTokenOf } from './phantom-token';
import { readRequirements } from './requirements';
import { upstreamCall } from './upstream-call';

/** Maximum length of a body, in bytes. */
const MAX_BODY_BYTES = 16_384;

/** Describes a request for the page. */
export function requestEvent(observed: Observed): RequestEvent {
  const { exchange, replayed } = observed;
  const { record, request, response } = exchange;
  const { log, source } = record;
  const jwt = phantomTokenOf(observed);
  return {
    kind: 'request',
    id: record.requestId,
    atMs: record.receivedAtMs,
    durationMs: record.durationMs,
    api: exchange.api,
    method: request.method,
    target: request.query === '' ? request.sentPath : `${request.sentPath}?${request.query}`,
    route: record.resource,
    status: response.status,
    gatewayResponse: record.gatewayResponse,
    client: { headers: request.headers, body: bodyOf(request.body) },
    response: { headers: response.headers, body: bodyOf(response.body) },
    credential: credentialOf(observed),
    resultCache: resultCacheOf(observed),
    resultLifetime: resultLifetimeOf(observed),
    ...(record.authorizerCall && {
      authorizer: {
        durationMs: record.authorizerCall.latency,
        isColdStart: observed.invocation?.isColdStart ?? false,
        memoryCache: memoryCacheOf(observed),
        calls: authorizerCalls(observed),
      },
    }),
    decision: {
      outcome: outcomeOf(observed),
      source,
      reason: log.reason ?? replayed?.decision.reason,
      fault: log.fault ?? gatewayFaultOf(observed),
      warnings: log.warnings,
    },
    checks: replayed?.checks ?? checksOf(record, requirementsOf(observed), claimsOf(jwt)),
    upstream: upstreamCall(exchange, jwt),
    jwt,
  };
}

/** Returns the start of a body. The decoder omits a character that is cut. */
function bodyOf(body: Buffer): Body {
  const text = new StringDecoder('utf8').write(body.subarray(0, MAX_BODY_BYTES));
  return { text, bytes: body.length };
}

function credentialOf({ exchange }: Observed): Credential {
  const { request, record } = exchange;
  const [value] = headerValues(request.headers, 'Authorization');
  if (value === undefined) return { verdict: 'absent' };
  const [, scheme, token] = /^(\S+) +(\S+)$/.exec(value) ?? [];
  const isMalformed = record.log.reason === 'credential_malformed' || token === undefined;
  return { verdict: isMalformed ? 'malformed' : 'accepted', scheme, token: token ?? value };
}

function resultCacheOf({ exchange, replayed }: Observed): RequestEvent['resultCache'] {
  const { lookups, stores } = exchange.ports;
  const [lookup] = lookups;
  if (lookup === undefined) return { verdict: 'unused' };
  if (lookup.hit) {
    return { verdict: 'hit', lifetime: replayed?.resultCache.lifetime, replays: replayed?.id };
  }
  const [store] = stores;
  const lifetime = store && {
    fromMs: store.storedAtMs,
    toMs: store.storedAtMs + store.ttlSeconds * 1000,
  };
  return { verdict: 'miss', lifetime };
}

/** Returns the lifetime that the item of the token cache states, which is that in memory, too. */
function resultLifetimeOf({ exchange, serviceCalls, earlierLifetime }: Observed) {
  const [last] = serviceCalls
    .flatMap(({ call }) => ('expiresAtMs' in call && call.expiresAtMs ? [call.expiresAtMs] : []))
    .slice(-1);
  if (last === undefined || last === earlierLifetime?.toMs) return earlierLifetime;
  return { fromMs: exchange.record.receivedAtMs, toMs: last };
}

function memoryCacheOf({ exchange }: Observed): 'unused' | 'miss' | 'hit' {
  const { source } = exchange.record;
  if (source === 'memory') return 'hit';
  return source === 'request' ? 'unused' : 'miss';
}

function outcomeOf({ exchange, replayed }: Observed): RequestEvent['decision']['outcome'] {
  const { log, source, authorizer, authorizerCall } = exchange.record;
  if (replayed) return replayed.decision.outcome;
  if (log.fault) return 'fault';
  if (log.outcome) return log.outcome;
  if (authorizer === 'cached' || source === 'memory') return 'allow';
  if (authorizerCall === undefined) return 'none';
  if (authorizerCall.status === 401) return 'unauthorized';
  return authorizerCall.status === 200 ? 'allow' : 'fault';
}

/** Returns the fault of the gateway, where the authorizer logged none. */
function gatewayFaultOf({ exchange }: Observed) {
  const { fault, gatewayResponse } = exchange.record;
  return fault === undefined ? undefined : { code: gatewayResponse ?? 'FAULT', message: fault };
}

function requirementsOf({ exchange, invocation }: Observed) {
  const { event, definition } = invocation ?? {};
  const { requestContext, headers } = { ...(event as AuthorizerEvent) };
  const { resource = '', method } = exchange.record;
  const route = resource.includes(' ') ? resource : `${method} ${resource}`;
  return readRequirements(definition?.environment ?? {}, {
    apiId: requestContext?.apiId ?? '',
    route,
    tool: calledTool(headers),
  });
}

interface AuthorizerEvent {
  readonly requestContext?: { readonly apiId?: string };
  readonly headers?: Readonly<Record<string, string>> | null;
}

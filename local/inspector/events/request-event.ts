import { headerValues } from '../../gateway/request/message';
import { authorizerCalls } from './authorizer-calls';
import { checksOf } from './checks';
import { claimsOf, findJwt } from './jwt';
import type { Body, Credential, RequestEvent } from './model';
import { isAuthorizerEvent, type Observed } from './observed';
import { readRequirements } from './requirements';
import { describeTableCall } from './table-call';
import { upstreamCall } from './upstream-call';

/** Maximum length of a body, in characters. */
const MAX_BODY_LENGTH = 16_384;

/** Describes a request for the page. */
export function requestEvent(observed: Observed): RequestEvent {
  const { exchange, replayed } = observed;
  const { record, request, response } = exchange;
  const { log, source } = record;
  const upstream = upstreamCall(exchange);
  const jwt = jwtOf(observed, upstream) ?? replayed?.jwt;
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
    upstream,
    jwt,
  };
}

function bodyOf(body: Buffer): Body {
  return { text: body.toString('utf8').slice(0, MAX_BODY_LENGTH), bytes: body.length };
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
    .filter(({ service }) => service === 'DynamoDB')
    .map(({ call }) => describeTableCall(call))
    .flatMap((call) => ('expiresAtMs' in call && call.expiresAtMs ? [call.expiresAtMs] : []))
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
  const { requestContext } = { ...(event as { requestContext?: { apiId?: string } }) };
  const { resource = '', method } = exchange.record;
  const route = resource.includes(' ') ? resource : `${method} ${resource}`;
  return readRequirements(definition?.environment ?? {}, requestContext?.apiId ?? '', route);
}

/** Returns the phantom token: the one for the upstream, of the authorizer's result, or of the introspection. */
function jwtOf(
  { exchange, introspections }: Observed,
  upstream: RequestEvent['upstream'],
): string | undefined {
  const results = exchange.ports.functionCalls
    .filter(({ event }) => isAuthorizerEvent(event))
    .map(({ result }) => JSON.stringify(result));
  const texts = [
    ...(upstream?.headers.map(([, value]) => value) ?? []),
    ...results,
    ...introspections.map(({ response }) => response.body),
  ];
  for (const text of texts) {
    const jwt = findJwt(text);
    if (jwt !== undefined) return jwt;
  }
  return undefined;
}

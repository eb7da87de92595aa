import type { IntrospectionExchange } from '../../authorization-server/introspection-exchange';
import type { AwsCall } from '../../aws/operation-observer';
import { headerValues } from '../../gateway/request/message';
import type { ObservedInvocation } from '../../lambda/environment-pool';
import type { ObservedService, ServedExchange } from '../../stack/stack-observer';
import { checksOf } from './checks';
import { claimsOf, findJwt } from './jwt';
import type { AuthorizerCall, Body, Credential, Lifetime, RequestEvent } from './model';
import { readRequirements } from './requirements';
import { describeTableCall } from './table-call';

/** Call of an embedded AWS service. */
export interface ServiceCall {
  readonly service: ObservedService;
  readonly call: AwsCall;
}

/** Exchange, and what happened while the authorizer handled it. */
export interface Observed {
  readonly exchange: ServedExchange;
  /** Absent if the authorizer was not invoked. */
  readonly invocation: ObservedInvocation | undefined;
  readonly serviceCalls: readonly ServiceCall[];
  readonly introspections: readonly IntrospectionExchange[];
  /** Lifetime of the introspection's result, from an earlier request with the token. */
  readonly earlierLifetime: Lifetime | undefined;
  /** Request whose result the result cache replayed. */
  readonly replayed: RequestEvent | undefined;
}

/** Maximum length of a body, in characters. */
const MAX_BODY_LENGTH = 16_384;

/** Describes a request for the page. */
export function requestEvent(observed: Observed): RequestEvent {
  const { exchange, replayed } = observed;
  const { record, request, response } = exchange;
  const { log, source } = record;
  const upstream = upstreamOf(exchange);
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
        calls: callsOf(observed),
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

/** Returns the calls of the authorizer to other systems, in the order of their arrival. */
function callsOf(observed: Observed): readonly AuthorizerCall[] {
  const { serviceCalls, introspections } = observed;
  const services = serviceCalls.map(({ service, call }) => ({
    at: call.receivedAtMs,
    call: service === 'DynamoDB' ? describeTableCall(call) : describeSecretCall(call),
  }));
  const exchanges = introspections.map((exchange) => ({
    at: exchange.receivedAtMs,
    call: describeIntrospection(exchange),
  }));
  const calls = [...services, ...exchanges]
    .sort((one, other) => one.at - other.at)
    .map(({ call }) => call);
  const unseen = unseenIntrospections(observed);
  // A result is stored after the introspection.
  const stored = calls.findIndex((call) => 'outcome' in call && call.outcome === 'result-stored');
  return stored < 0 ? [...calls, ...unseen] : calls.toSpliced(stored, 0, ...unseen);
}

/** Returns the introspections of which only the log is known. */
function unseenIntrospections({ exchange, introspections }: Observed): readonly AuthorizerCall[] {
  if (introspections.length > 0) return [];
  const { introspectionsMs, fault } = exchange.record.log;
  const seen = introspectionsMs.map(
    (durationMs) => ({ to: 'authorization-server', durationMs }) as const,
  );
  if (fault === undefined || !fault.code.startsWith('introspection_')) return seen;
  return [{ to: 'authorization-server', durationMs: introspectionsMs[0], fault: fault.code }];
}

/** Describes a call without the value of the secret. */
function describeSecretCall({ operation, status, durationMs }: AwsCall): AuthorizerCall {
  return { to: 'secrets', operation, status, durationMs };
}

function describeIntrospection(exchange: IntrospectionExchange): AuthorizerCall {
  const { durationMs, request, response } = exchange;
  return {
    to: 'authorization-server',
    durationMs,
    request: {
      path: request.path,
      headers: Object.entries(request.headers),
      form: Object.entries(request.form),
    },
    response: { ...response, headers: Object.entries(response.headers) },
  };
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

/** Returns the call of the upstream: an HTTP endpoint, or a function other than the authorizer. */
function upstreamOf({ ports, record }: ServedExchange): RequestEvent['upstream'] {
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

/** Tests whether an event is for an authorizer. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html */
export function isAuthorizerEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'type' in event && event.type === 'REQUEST';
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

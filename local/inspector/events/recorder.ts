import { LRUCache } from 'lru-cache';
import type { IntrospectionExchange } from '../../authorization-server/introspection-exchange';
import { headerValues } from '../../gateway/request/message';
import type { ObservedInvocation } from '../../lambda/environment-pool';
import type { ServedExchange, StackObserver } from '../../stack/stack-observer';
import { describeServiceCall } from './authorizer-calls';
import type { Lifetime, RequestEvent } from './model';
import { isAuthorizerEvent, type ReplayedResult, type ServiceCall } from './observed';
import { requestEvent } from './request-event';

/** Recorder of the requests of a local stack. */
export interface Recorder extends StackObserver {
  onIntrospection(exchange: IntrospectionExchange): void;
}

/** Maximum number of requests, tokens and environments whose parts wait for each other. */
const MAX_WAITING = 500;

/** Maximum number of calls that wait for one invocation or exchange. Later ones replace the first ones. */
const MAX_CALLS = 100;

/** Maximum number of results of caches that are remembered. */
const MAX_RESULTS = 1000;

interface RecordedInvocation {
  readonly invocation: ObservedInvocation;
  readonly serviceCalls: readonly ServiceCall[];
}

/**
 * Creates a recorder, which attributes the calls of other systems to requests: those of AWS by the access key of the
 * execution environment, which handles one request at a time, and introspections by the access token.
 */
export function createRecorder(onRequest: (event: RequestEvent) => void): Recorder {
  const serviceCalls = new LRUCache<string, ServiceCall[]>({ max: MAX_WAITING });
  const invocations = new LRUCache<string, RecordedInvocation>({ max: MAX_WAITING });
  const introspections = new LRUCache<string, IntrospectionExchange[]>({ max: MAX_WAITING });
  /** Lifetimes of the introspections' results by access token. */
  const lifetimes = new LRUCache<string, Lifetime>({ max: MAX_RESULTS });
  /** Requests that filled the result cache, by its key. */
  const stored = new LRUCache<string, ReplayedResult>({ max: MAX_RESULTS });

  return {
    onAwsCall(service, call) {
      append(serviceCalls, call.accessKeyId, describeServiceCall(service, call));
    },
    onIntrospection(exchange) {
      append(introspections, exchange.token, exchange);
    },
    onInvocation(invocation) {
      const { isColdStart, startedAtMs } = invocation;
      // Calls from between two invocations belong to neither. Those before the first one initialize the function.
      const calls = (take(serviceCalls, invocation.accessKeyId) ?? []).filter(
        ({ receivedAtMs }) => isColdStart || receivedAtMs >= startedAtMs,
      );
      const requestId = requestIdOf(invocation.event);
      if (requestId !== undefined) invocations.set(requestId, { invocation, serviceCalls: calls });
    },
    onExchange(exchange) {
      const { record, ports } = exchange;
      const { invocation, serviceCalls: calls = [] } = take(invocations, record.requestId) ?? {};
      const [lookup] = ports.lookups;
      const token = tokenOf(exchange);
      const event = requestEvent({
        exchange,
        invocation,
        serviceCalls: calls,
        introspections: isIntrospected(exchange) ? (take(introspections, token) ?? []) : [],
        earlierLifetime: lifetimes.get(token),
        replayed: lookup?.hit ? stored.get(lookup.key) : undefined,
      });
      for (const { key } of ports.stores) stored.set(key, replayedResult(event));
      if (event.resultLifetime) lifetimes.set(token, event.resultLifetime);
      onRequest(event);
    },
  };
}

/** Returns a copy of the parts that replays have, without headers and bodies. */
function replayedResult({ id, resultCache, decision, checks, jwt }: RequestEvent): ReplayedResult {
  return { id, resultCache, decision, checks, jwt };
}

/** Returns whether a request caused the introspections of its token. Concurrent ones wait for it. */
function isIntrospected({ record }: ServedExchange): boolean {
  return record.log.introspectionsMs.length > 0 || record.log.fault !== undefined;
}

function tokenOf({ request }: ServedExchange): string {
  const [value = ''] = headerValues(request.headers, 'Authorization');
  return value.slice(value.lastIndexOf(' ') + 1);
}

function append<Item extends object>(
  lists: LRUCache<string, Item[]>,
  key: string,
  item: Item,
): void {
  lists.set(key, [...(lists.get(key) ?? []), item].slice(-MAX_CALLS));
}

function take<Value extends object>(
  values: LRUCache<string, Value>,
  key: string,
): Value | undefined {
  const value = values.get(key);
  values.delete(key);
  return value;
}

/** Returns the request id of an authorizer's event. */
function requestIdOf(event: unknown): string | undefined {
  if (!isAuthorizerEvent(event)) return undefined;
  const { requestContext } = event as { requestContext?: { requestId?: string } };
  return requestContext?.requestId;
}

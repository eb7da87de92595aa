import { AsyncLocalStorage } from 'node:async_hooks';
import type { InvocationResult } from '../integrations/lambda/invoke';
import type { StreamFault, UpstreamFault, UpstreamRequest } from '../integrations/upstream';
import type { HttpResponse } from '../request/message';
import type { GatewayPorts } from './ports';

/** Lookup in the result cache. The key contains the access token. */
export interface CacheLookup {
  readonly key: string;
  readonly hit: boolean;
}

/** Result that was put into the result cache. */
export interface CacheStore {
  readonly key: string;
  readonly ttlSeconds: number;
  /** Time of the store, in milliseconds since the epoch. */
  readonly storedAtMs: number;
}

/** Invocation of a function, by an authorizer or an integration. */
export interface FunctionCall {
  readonly functionArn: string;
  readonly event: unknown;
  readonly result: InvocationResult;
  readonly durationMs: number;
}

/** Call of an HTTP upstream. That of a streamed response lasts until its headers have arrived. */
export interface UpstreamCall {
  readonly request: UpstreamRequest;
  readonly response: Omit<HttpResponse, 'body'> | UpstreamFault | StreamFault;
  readonly durationMs: number;
}

/** Uses of the external dependencies of an API by one request, in order. They contain tokens. */
export interface PortUse {
  readonly lookups: readonly CacheLookup[];
  readonly stores: readonly CacheStore[];
  readonly functionCalls: readonly FunctionCall[];
  readonly upstreamCalls: readonly UpstreamCall[];
}

type Recording = { readonly [Name in keyof PortUse]: PortUse[Name][number][] };

/** Recorder of port uses. */
export interface PortRecorder {
  /** The ports, which record their uses. */
  readonly ports: GatewayPorts;
  /** Runs the work of one request and returns its uses with its result. */
  record<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly use: PortUse }>;
}

/**
 * Recording of the running request. One for all APIs: up to Node.js 22 each promise copies the state of each storage.
 */
const recordings = new AsyncLocalStorage<Recording>();

/** Creates a recorder of which request uses which port. Requests can be concurrent. */
export function recordPorts({ invoke, cache, upstream }: GatewayPorts): PortRecorder {
  async function timed<T>(work: () => Promise<T>): Promise<[result: T, durationMs: number]> {
    const startedMs = performance.now();
    return [await work(), performance.now() - startedMs];
  }

  return {
    ports: {
      async invoke(functionArn, event) {
        const [result, durationMs] = await timed(() => invoke(functionArn, event));
        recordings.getStore()?.functionCalls.push({ functionArn, event, result, durationMs });
        return result;
      },
      cache: {
        ...cache,
        get(key) {
          const result = cache.get(key);
          recordings.getStore()?.lookups.push({ key, hit: result !== undefined });
          return result;
        },
        set(key, result, ttlSeconds) {
          cache.set(key, result, ttlSeconds);
          recordings.getStore()?.stores.push({ key, ttlSeconds, storedAtMs: Date.now() });
        },
      },
      upstream: {
        ...upstream,
        async call(request) {
          const [response, durationMs] = await timed(() => upstream.call(request));
          recordings.getStore()?.upstreamCalls.push({ request, response, durationMs });
          return response;
        },
        async stream(request, limits) {
          const [response, durationMs] = await timed(() => upstream.stream(request, limits));
          recordings.getStore()?.upstreamCalls.push({ request, response, durationMs });
          return response;
        },
      },
    },
    async record(work) {
      const use: Recording = { lookups: [], stores: [], functionCalls: [], upstreamCalls: [] };
      return { result: await recordings.run(use, work), use };
    },
  };
}

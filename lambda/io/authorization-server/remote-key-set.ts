import { setTimeout } from 'node:timers/promises';
import type { createLocalJWKSet } from 'jose';
import { KEY_SET_TIMEOUT_MS, readPublicKeys } from '../../core/key-set';
import { createSingleFlight } from '../../core/single-flight';
import { createCircuitBreaker } from '../circuit-breaker';
import type { HttpClient } from '../http/client';
import { withDeadline } from '../http/deadline';
import { USER_AGENT } from '../http/user-agent';
import { steadyNow } from '../steady-clock';

/** Maximum length of a key set, in bytes; real ones exceed 64 KB. */
export const MAX_KEY_SET_BYTES = 1_048_576;
/** Maximum age of fetched keys, in seconds. */
const MAX_AGE_SECONDS = 600;
/** Pause between two fetches because of a JWT, in seconds. Callers cannot choose a key id: JWTs come from the server. */
export const COOLDOWN_SECONDS = 1;

export interface RemoteKeySetOptions {
  readonly jwksUri: URL;
  readonly send: HttpClient;
  /** Seconds of a clock that never steps back. @default - that of the environment */
  readonly now?: () => number;
  /** Waits so many milliseconds. @default - a timer */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/** Keys as they were published at one moment. */
export interface PublishedKeys {
  readonly resolveKey: ReturnType<typeof createLocalJWKSet>;
  /** Number of the fetch, from 1. */
  readonly fetch: number;
  readonly fetchedAt: number;
}

/** The keys that the authorization server publishes. Its functions reject with the error of the fetch. */
export interface RemoteKeySet {
  /** Returns the number of fetches that have begun. */
  fetches(): number;
  /** Returns the known keys, or fetches them if there are none or they are too old. */
  current(): Promise<PublishedKeys>;
  /** Returns whether keys were fetched so recently that `newerThan` waits. */
  isCoolingDown(): boolean;
  /** Returns keys of a later fetch than the one with this number; fetches them after the cooldown. */
  newerThan(fetch: number): Promise<PublishedKeys>;
}

export function createRemoteKeySet(options: RemoteKeySetOptions): RemoteKeySet {
  const { jwksUri, send, now = steadyNow, sleep = setTimeout } = options;
  const guard = createCircuitBreaker({
    isDown: () => true,
    openError: (cause) =>
      new Error(`circuit breaker open: ${jwksUri.host} failed repeatedly`, { cause }),
    now,
  });
  let fetches = 0;
  let known: PublishedKeys | undefined;
  const flight = createSingleFlight<PublishedKeys>();

  async function fetchKeys(): Promise<PublishedKeys> {
    fetches += 1;
    const fetch = fetches;
    const headers = {
      accept: 'application/json, application/jwk-set+json',
      'user-agent': USER_AGENT,
    };
    const request = { method: 'GET', headers, maxResponseBytes: MAX_KEY_SET_BYTES } as const;
    const keys = await guard(async () => {
      const { status, body } = await withDeadline(KEY_SET_TIMEOUT_MS, ({ signal }) =>
        send(jwksUri, { ...request, signal }),
      );
      if (status !== 200) throw new Error(`the response has status ${status}`);
      return readPublicKeys(body.toString('utf8'));
    });
    // Loaded here: only deployments with a jwksUri pay for it.
    const { createLocalJWKSet } = require('./jose') as typeof import('./jose');
    known = { resolveKey: createLocalJWKSet({ keys: keys as never }), fetch, fetchedAt: now() };
    return known;
  }

  const fetchOnce = () => flight.run(fetchKeys);

  function age(): number {
    return known === undefined ? Infinity : now() - known.fetchedAt;
  }

  return {
    fetches: () => fetches,
    current: async () => (known && age() < MAX_AGE_SECONDS ? known : fetchOnce()),
    isCoolingDown: () => age() < COOLDOWN_SECONDS,
    async newerThan(fetch) {
      // Ends early when another request fetches them.
      while (fetches === fetch) {
        // A fetch that began earlier can miss a key that was published meanwhile.
        await flight.settled();
        const pause = COOLDOWN_SECONDS - age();
        if (pause <= 0) break;
        await sleep(pause * 1000);
      }
      return known !== undefined && known.fetch > fetch ? known : fetchOnce();
    },
  };
}

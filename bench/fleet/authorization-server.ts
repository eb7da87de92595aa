import { Fault } from '../../lambda/core/errors';
import type { Introspection } from '../../lambda/core/introspection-response';
import { readPhantomToken } from '../../lambda/core/phantom-token';
import type { Clock } from '../../lambda/core/ports';
import { INTROSPECTION_MS } from '../../test/support/token-cache-fleet';
import { jws, NOW } from '../../test/support/tokens';

/** Behavior of the authorization server: a latency in milliseconds, or a kind of outage. */
export type Behavior = number | 'failing' | 'hanging';

/** Latency of an error response, in milliseconds, and of the retry after it. */
const ERROR_MS = 25;
const RETRY_MS = 75;
/** Pads JWTs to 1.5 KB. */
const PADDING = 'p'.repeat(1000);

/** Creates a model of the authorization server and of the client that introspects at it. */
export function createAuthorizationServer(initial: Behavior) {
  let behavior = initial;
  let introspections = 0;

  /** Introspects a token; those that begin with `bad` are inactive. */
  async function introspect(accessToken: string, clock: Clock): Promise<Introspection> {
    introspections += 1;
    const sleep = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
    if (behavior === 'hanging') {
      await sleep(INTROSPECTION_MS);
      throw new Fault('introspection_timed_out', 'no response within the deadline');
    }
    if (behavior === 'failing') {
      await sleep(ERROR_MS + RETRY_MS + ERROR_MS);
      throw new Fault('introspection_unavailable', 'the server responded 503');
    }
    await sleep(behavior);
    const freshness = { cacheControl: undefined, age: undefined };
    if (accessToken.startsWith('bad')) return { invalid: 'token_inactive', freshness };
    const jwt = jws({ sub: accessToken, exp: NOW + 86_400, padding: PADDING });
    return { facts: readPhantomToken(jwt), freshness };
  }

  return {
    introspect,
    introspections: () => introspections,
    become(next: Behavior) {
      behavior = next;
    },
  };
}

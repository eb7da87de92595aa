import type { CachedResult } from '../../../lambda/core/cache-lifetime';
import { Fault } from '../../../lambda/core/errors';
import type { IntrospectionLease, TokenCache } from '../../../lambda/core/ports';
import type { Item, UpdateResult } from '../../../lambda/io/aws/token-table';
import { faultWith } from '../../support/faults';
import { createModelTable, type Passage } from '../../support/model-table';
import {
  BUDGET,
  CREDENTIALS,
  INTROSPECTION_MS,
  resultOf,
  startEnvironment,
  TABLE_TIMEOUT_MS,
} from '../../support/token-cache-fleet';
import { NOW } from '../../support/tokens';
import { createVirtualTime } from '../../support/virtual-time';

type Introspect = () => Promise<CachedResult>;

async function acquired({ getOrAcquire }: TokenCache): Promise<IntrospectionLease> {
  const found = await getOrAcquire('token');
  if (!('complete' in found)) throw new Error('no lease');
  return found;
}

/** Returns how operations on the table pass. The first one reads an item, the second writes it and gets no response. */
function withoutSecondResponse(): () => Passage {
  let sent = 0;
  return () => {
    sent += 1;
    return { requestMs: 2, responseMs: 2, lost: sent === 2 ? 'response' : undefined };
  };
}

function world({ passage = undefined as (() => Passage) | undefined } = {}) {
  const time = createVirtualTime();
  const table = createModelTable(time, passage && { passage });
  const start = (options = {}) => startEnvironment(time, table, options);
  let introspections = 0;
  const counted = () => introspections;
  /** Returns an introspection whose response comes after a time. */
  const answerAfter =
    (ms: number, result: () => CachedResult = () => resultOf('token', 1, NOW + 300)): Introspect =>
    async () => {
      introspections += 1;
      await time.sleep(ms);
      return result();
    };
  const failAfter =
    (ms: number, error: Error): Introspect =>
    async () => {
      introspections += 1;
      await time.sleep(ms);
      throw error;
    };
  /** A request: what it got, and how long that took in milliseconds. */
  async function request(
    { cache }: Pick<ReturnType<typeof start>, 'cache'>,
    introspect: Introspect,
  ): Promise<{ readonly result: CachedResult | Error; readonly ms: number }> {
    const began = time.elapsed();
    const answer = async () => {
      const found = await cache.getOrAcquire('token');
      if (!('complete' in found)) return found;
      try {
        const result = await introspect();
        await found.complete(result);
        return result;
      } catch (error) {
        await found.release(error);
        throw error;
      }
    };
    const result = await answer().catch((error: Error) => error);
    return { result, ms: time.elapsed() - began };
  }
  /** Sends one request in each of several environments at the same time. */
  const atOnce = (count: number, introspect: Introspect, options = {}) =>
    Promise.all(Array.from({ length: count }, () => request(start(options), introspect)));
  return { time, table, start, request, atOnce, answerAfter, failAfter, counted };
}

const slowest = (requests: readonly { readonly ms: number }[]) =>
  Math.max(...requests.map(({ ms }) => ms));
const UNAVAILABLE = new Fault(
  'introspection_unavailable',
  'the authorization server responded 503',
);
const TIMED_OUT = new Fault('introspection_timed_out', 'no response within 3 s');
const INACTIVE: CachedResult = { invalid: 'token_inactive', expiresAt: NOW + 10 };

describe('environments that miss the same token at the same time', () => {
  it.each([2, 50])(
    'environments that miss the same token at the same time introspect it once: %d environments',
    async (count) => {
      const { time, atOnce, answerAfter, counted, table } = world();
      const requests = await time.run(atOnce(count, answerAfter(100)));

      expect(counted()).toBe(1);
      for (const { result } of requests) expect(result).toMatchObject({ expiresAt: NOW + 300 });
      expect(slowest(requests)).toBeLessThan(BUDGET.leaseMs);
      // One to find nothing, and at most six while the lease lasts.
      expect(table.counts.get).toBeLessThanOrEqual(7 * count);
    },
  );

  it('environments that miss an inactive token at the same time introspect it once', async () => {
    const { time, atOnce, answerAfter, counted } = world();
    const requests = await time.run(
      atOnce(
        50,
        answerAfter(100, () => INACTIVE),
      ),
    );

    expect(counted()).toBe(1);
    for (const { result } of requests) expect(result).toMatchObject({ invalid: 'token_inactive' });
  });

  it('environments introspect a token each, and hold no lease, if introspections are not coalesced', async () => {
    const { time, start, request, answerAfter, counted, table } = world();
    const alone = { coalesceIntrospections: false };
    await time.run(Promise.all([1, 2, 3].map(() => request(start(alone), answerAfter(100)))));

    expect(counted()).toBe(3);
    expect(table.counts.update).toBe(3);
  });

  it('environments that miss the same token share the fault of a failing server', async () => {
    const { time, atOnce, failAfter, counted } = world();
    const requests = await time.run(atOnce(100, failAfter(25, UNAVAILABLE)));

    for (const { result } of requests) {
      expect(result).toEqual(faultWith('introspection_unavailable'));
    }
    expect(counted()).toBeLessThanOrEqual(2);
    expect(slowest(requests)).toBeLessThan(1000);
  });

  it('environments that miss the same token share the fault of a server that hangs, after one deadline', async () => {
    const { time, atOnce, failAfter, counted } = world();
    const requests = await time.run(atOnce(100, failAfter(INTROSPECTION_MS, TIMED_OUT)));

    for (const { result } of requests) expect(result).toEqual(faultWith('introspection_timed_out'));
    expect(counted()).toBe(1);
    expect(slowest(requests)).toBeLessThanOrEqual(1.2 * INTROSPECTION_MS);
  });

  it('environments introspect at once, each for itself, after the first result that must not be stored', async () => {
    const { time, atOnce, answerAfter, counted } = world();
    const requests = await time.run(
      atOnce(
        20,
        answerAfter(100, () => resultOf('token', 1, NOW)),
      ),
    );

    expect(counted()).toBe(20);
    expect(slowest(requests)).toBeLessThan(1000);
  });

  it('environments neither wait for a lease nor acquire one after a result that must not be stored', async () => {
    const { time, start, request, answerAfter, table } = world();
    const [one, other] = [start(), start()];
    const forbidden = answerAfter(100, () => resultOf('token', 1, NOW));
    await time.run(request(one, forbidden));
    await time.run(request(other, forbidden));
    const { update } = table.counts;
    const requests = await time.run(
      Promise.all([request(one, forbidden), request(other, forbidden)]),
    );

    expect(table.counts.update).toBe(update);
    expect(slowest(requests)).toBeLessThan(150);
  });

  it('environments coalesce active tokens also after an inactive token or a failed introspection', async () => {
    const { time, start, request, answerAfter, failAfter, table } = world();
    const one = start();
    await time.run(
      request(
        one,
        answerAfter(10, () => ({ ...INACTIVE, expiresAt: NOW })),
      ),
    );
    await time.run(request(one, failAfter(10, new Error('unexpected'))));
    const { update } = table.counts;
    await time.run(request(one, answerAfter(10)));

    expect(table.counts.update - update).toBe(2);
  });
});

describe('an environment on its own', () => {
  const alone = { coalesceIntrospections: false };
  const EXPIRED = resultOf('token', 1, NOW);

  it('a miss takes one eventually consistent read', async () => {
    const { time, start, request, answerAfter, table } = world();
    await time.run(request(start(), answerAfter(10)));

    expect(table.units.read).toBe(0.5);
  });

  it('environments coalesce introspections also after a result that they stored', async () => {
    const { time, start, request, answerAfter, table } = world();
    const one = start();
    await time.run(request(one, answerAfter(10)));
    const { update } = table.counts;
    await time.run(time.sleep(301_000));
    await time.run(
      request(
        one,
        answerAfter(10, () => resultOf('token', 2, NOW + 600)),
      ),
    );

    expect(table.counts.update - update).toBe(2);
  });

  it('a result that has expired is not written where no lease was acquired, and is used', async () => {
    const { time, start, table } = world();
    const lease = await time.run(acquired(start(alone).cache));

    expect(await time.run(lease.complete(EXPIRED))).toBe(true);
    expect(table.counts.update).toBe(0);
  });

  it('a result that cannot be written is used', async () => {
    const { time, start } = world();
    const table = {
      get: async () => undefined,
      update: () => Promise.reject(new Error('no writes')),
    };
    const lease = await time.run(acquired(start({ ...alone, table }).cache));

    expect(await time.run(lease.complete(resultOf('token', 1, NOW + 300)))).toBe(true);
  });

  it('a fault is not shared where introspections are not coalesced', async () => {
    const { time, start, request, failAfter, answerAfter } = world();
    await time.run(request(start(alone), failAfter(25, UNAVAILABLE)));

    expect((await time.run(request(start(), answerAfter(25)))).result).toMatchObject({
      expiresAt: NOW + 300,
    });
  });
});

describe('the acquisition of a lease', () => {
  /** An environment over a table that responds at once, always the same. */
  function immediate(item: Item | undefined, result: UpdateResult) {
    const { time, start } = world();
    const get = jest.fn(async () => item);
    const update = jest.fn(async () => result);
    const { cache } = start({ table: { get, update } });
    return { get, update, lease: () => time.run(acquired(cache)) };
  }

  it('a lease that expires at this moment is taken over without a wait', async () => {
    const held = { lease_id: 'other', lease_expires_at: NOW * 1000 };
    const { get, update, lease } = immediate(held, { updated: true });
    await lease();

    expect(get).toHaveBeenCalledTimes(1);
    expect(update).toHaveBeenCalledWith(
      expect.any(String),
      expect.objectContaining({ lease_expires_at: NOW * 1000 + BUDGET.leaseMs }),
      { lease_id: 'other', expires_at: undefined },
    );
  });

  it('a lease is not acquired any more after twenty attempts that other environments preceded', async () => {
    const { update, lease } = immediate(undefined, { updated: false, item: undefined });
    const none = await lease();

    expect(await none.complete(resultOf('token', 1, NOW + 300))).toBe(true);
    expect(update).toHaveBeenCalledTimes(20);
  });

  it('a lease is not acquired after a result that had expired when its introspection began', async () => {
    const { update, lease } = immediate(undefined, { updated: true });
    await (await lease()).complete(resultOf('token', 1, NOW));
    expect(update).toHaveBeenCalledTimes(2);
    await lease();

    expect(update).toHaveBeenCalledTimes(2);
  });

  it('a lease whose write got no response is used as soon as a read shows it', async () => {
    const { time, start } = world({ passage: withoutSecondResponse() });
    const lease = await time.run(acquired(start().cache));

    expect(time.elapsed()).toBeLessThan(250);
    expect(await time.run(lease.complete(resultOf('token', 1, NOW + 300)))).toBe(true);
    expect(await time.run(start().cache.getOrAcquire('token'))).toHaveProperty('facts');
  });
});

describe('a result that replaces an expired one', () => {
  async function expired() {
    const current = world();
    await current.time.run(current.request(current.start(), current.answerAfter(10)));
    await current.time.run(current.time.sleep(301_000));
    return current;
  }
  const replacement = resultOf('token', 2, NOW + 600);

  it('a result replaces an expired one also if introspections are not coalesced', async () => {
    const { time, start } = await expired();
    const lease = await time.run(acquired(start({ coalesceIntrospections: false }).cache));

    expect(await time.run(lease.complete(replacement))).toBe(true);
    expect(await time.run(start().cache.getOrAcquire('token'))).toMatchObject({
      expiresAt: NOW + 600,
    });
  });

  it('a result replaces an expired one also if the secret was rotated meanwhile', async () => {
    const { time, start } = await expired();
    let credentials = CREDENTIALS;
    const source = { get: async () => credentials, reread: async () => credentials };
    const lease = await time.run(acquired(start({ credentials: source }).cache));
    credentials = { ...CREDENTIALS, secret: 'r'.repeat(32) };

    expect(await time.run(lease.complete(replacement))).toBe(true);
    expect(
      await time.run(start({ credentials: source }).cache.getOrAcquire('token')),
    ).toMatchObject({ expiresAt: NOW + 600 });
  });
});

describe('the renewal of a known result', () => {
  const known = resultOf('token', 1, NOW + 300);
  async function stored() {
    const current = world();
    await current.time.run(current.request(current.start(), current.answerAfter(10)));
    const renew = (options = {}) =>
      current.time.run(current.start(options).cache.getOrAcquire('token', known));
    return { ...current, renew };
  }

  it('one environment gets a lease to renew a result, and others read the known one without a wait', async () => {
    const { time, start, request, answerAfter, renew, counted } = await stored();
    const lease = await renew();
    const { ms, result } = await time.run(request(start(), answerAfter(10)));
    const other = await renew();

    expect(lease).toHaveProperty('complete');
    expect(result).toMatchObject({ expiresAt: NOW + 300 });
    expect(ms).toBeLessThan(10);
    expect(other).toBe(known);
    expect(counted()).toBe(1);
  });

  it('a renewal returns the renewed result of another environment instead of the known one', async () => {
    const { time, renew } = await stored();
    const lease = await renew();
    if (!('complete' in lease)) throw new Error('no lease');
    await time.run(lease.complete(resultOf('token', 2, NOW + 570)));

    expect(await renew()).toMatchObject({ expiresAt: NOW + 570 });
  });

  it.each<[string, object]>([
    ['introspections are not coalesced', { coalesceIntrospections: false }],
    [
      'the table fails',
      {
        table: {
          get: async () => {
            throw new Error('no reads');
          },
        },
      },
    ],
  ])('a renewal returns the known result instead of a lease if %s', async (_, options) => {
    const { renew } = await stored();

    expect(await renew(options)).toBe(known);
  });

  it('a renewal does not bring back a token that is invalidated meanwhile', async () => {
    const { time, start, renew } = await stored();
    const lease = await renew();
    await time.run(start().cache.invalidate('token'));
    if (!('complete' in lease)) throw new Error('no lease');

    expect(await time.run(lease.complete(resultOf('token', 2, NOW + 570)))).toBe(false);
    expect(await renew()).toHaveProperty('complete');
  });
});

describe('a fault', () => {
  it('a fault is shared with later requests for a second, and then the token is introspected again', async () => {
    const { time, start, request, failAfter, answerAfter, counted } = world();
    await time.run(request(start(), failAfter(25, UNAVAILABLE)));
    await time.run(time.sleep(900));
    const within = await time.run(request(start(), answerAfter(25)));
    await time.run(time.sleep(100));
    const after = await time.run(request(start(), answerAfter(25)));

    expect(within.result).toEqual(
      faultWith('introspection_unavailable', 'the introspection of another execution environment'),
    );
    expect(after.result).toMatchObject({ expiresAt: NOW + 300 });
    expect(counted()).toBe(2);
  });

  it.each([
    ['an unexpected error', new Error('unexpected')],
    ['missing credentials', new Fault('credentials_unavailable', 'x')],
    ['missing signing keys', new Fault('signing_keys_unavailable', 'x')],
  ])('a fault is not shared if it is %s', async (_, error) => {
    const { time, start, request, failAfter, answerAfter } = world();
    await time.run(request(start(), failAfter(25, error)));

    expect((await time.run(request(start(), answerAfter(25)))).result).toMatchObject({
      expiresAt: NOW + 300,
    });
  });
});

describe('the lease of an environment that died', () => {
  it('the lease of an environment that died passes to one other when it expires, and the rest wait on', async () => {
    const { time, start, atOnce, answerAfter, counted } = world();
    await time.run(start().cache.getOrAcquire('token'));
    const requests = await time.run(atOnce(50, answerAfter(100)));

    expect(counted()).toBe(1);
    for (const { result } of requests) expect(result).toMatchObject({ expiresAt: NOW + 300 });
    expect(slowest(requests)).toBeLessThan(BUDGET.leaseMs + 1000);
  });

  it('the lease of an environment that died delays no request after it expired', async () => {
    const { time, start, request, answerAfter } = world();
    await time.run(start().cache.getOrAcquire('token'));
    await time.run(time.sleep(BUDGET.leaseMs));

    expect((await time.run(request(start(), answerAfter(10)))).ms).toBeLessThan(100);
  });

  it('a result that an environment completes after another took its lease over is not stored', async () => {
    const { time, start, request, answerAfter } = world();
    const late = await time.run(start().cache.getOrAcquire('token'));
    await time.run(time.sleep(BUDGET.leaseMs));
    await time.run(
      request(
        start(),
        answerAfter(10, () => INACTIVE),
      ),
    );
    if (!('complete' in late)) throw new Error('no lease');

    expect(await time.run(late.complete(resultOf('token', 0, NOW + 300)))).toBe(false);
    expect(await time.run(start().cache.getOrAcquire('token'))).toMatchObject({
      invalid: 'token_inactive',
    });
  });
});

describe('an invalidation', () => {
  it('an invalidation outlives every result of an introspection that began before it', async () => {
    const { time, start, table } = world();
    const [frozen, other] = [start({ coalesceIntrospections: false }), start()];
    const lease = await time.run(acquired(frozen.cache));
    await time.run(other.cache.invalidate('token'));
    // The longest life of a result, plus clocks that differ by two seconds each.
    await time.run(time.sleep(304_000));
    table.deleteExpired();

    expect(await time.run(lease.complete(resultOf('token', 1, NOW + 305)))).toBe(false);
  });

  it('an invalidation whose response is lost and that is sent again does not undo a later one', async () => {
    const { time, start } = world({ passage: withoutSecondResponse() });
    const alone = { coalesceIntrospections: false };
    const [one, other] = [start(alone), start(alone)];
    const first = one.cache.invalidate('token');
    await time.run(time.sleep(60));
    const lease = await time.run(acquired(one.cache));
    await time.run(other.cache.invalidate('token'));
    await time.run(first);

    expect(await time.run(lease.complete(resultOf('token', 1, NOW + 300)))).toBe(false);
  });

  it('an invalidation makes waiting environments introspect, once', async () => {
    const { time, start, atOnce, answerAfter, counted } = world();
    const lease = await time.run(acquired(start().cache));
    const waiting = atOnce(20, answerAfter(100));
    await time.run(time.sleep(50));
    await time.run(start().cache.invalidate('token'));
    await time.run(lease.complete(resultOf('token', 0, NOW + 200)));
    const requests = await time.run(waiting);

    expect(counted()).toBe(1);
    for (const { result } of requests) expect(result).toMatchObject({ expiresAt: NOW + 300 });
  });
});

describe('the wait for another environment', () => {
  it('the wait for another environment ends at its bound without a lease if a forged lease never expires', async () => {
    const { time, table, start, request, answerAfter } = world();
    await time.run(start().cache.getOrAcquire('token'));
    const [id] = table.ids();
    table.put(id ?? '', { ...table.current(id ?? ''), lease_expires_at: 99_999_999_999_999 });
    const { ms, result } = await time.run(request(start(), answerAfter(10)));

    expect(result).toMatchObject({ expiresAt: NOW + 300 });
    expect(ms).toBeGreaterThan(BUDGET.leaseMs);
    expect(ms).toBeLessThanOrEqual(BUDGET.waitMs + 10 + 4 * TABLE_TIMEOUT_MS);
  });

  it('the wait for another environment leaves time to introspect within nine seconds, with a slow table and a slow server together', async () => {
    const slow = { requestMs: 20, responseMs: 25 };
    const { time, table, start, atOnce, failAfter } = world({ passage: () => slow });
    await time.run(start().cache.getOrAcquire('token'));
    const [id] = table.ids();
    table.put(id ?? '', { ...table.current(id ?? ''), lease_expires_at: 99_999_999_999_999 });
    const requests = await time.run(atOnce(100, failAfter(INTROSPECTION_MS, TIMED_OUT)));

    expect(slowest(requests)).toBeLessThanOrEqual(9000);
  });

  it('the wait for another environment reads the item at most six times during one lease', async () => {
    const { time, table, start, request, answerAfter } = world();
    await time.run(start().cache.getOrAcquire('token'));
    const { get } = table.counts;
    await time.run(request(start({ random: () => 0.001 }), answerAfter(10)));

    expect(table.counts.get - get).toBeLessThanOrEqual(7);
  });

  it('the wait for another environment pauses for the median of recent introspections, then with full jitter that doubles', async () => {
    const { time, table, start, request, answerAfter } = world();
    const waiting = start({ random: () => 0.5 });
    for (const ms of [400, 400, 2000]) {
      await time.run(
        request(
          waiting,
          answerAfter(ms, () => ({ ...INACTIVE, expiresAt: NOW })),
        ),
      );
    }
    await time.run(start().cache.getOrAcquire('token'));
    const reads: number[] = [];
    table.onGet(() => reads.push(time.elapsed()));
    await time.run(request(waiting, answerAfter(10)));
    const pauses = reads.slice(1).map((at, index) => at - (reads[index] ?? 0));

    // A read takes 4 ms, and so does each of the writes around the own introspections.
    const [first = 0, ...later] = pauses.map((pause) => pause - 4);
    const median = 404;
    expect(first).toBeCloseTo(median * (1 + 0.5 / 4));
    expect(later.slice(0, 2)).toEqual([0.5 * median, 0.5 * 2 * median]);
  });
});

describe('a write of the lease that fails', () => {
  it('a lease that could not be written is waited for if another environment has acquired it', async () => {
    const { time, table, start, request, answerAfter, counted } = world();
    const throttled = start({
      table: {
        ...table.connect(time.environment().clock),
        update: async () => {
          throw new Error('throttled');
        },
      },
    });
    const requests = await time.run(
      Promise.all([request(start(), answerAfter(100)), request(throttled, answerAfter(100))]),
    );

    for (const { result } of requests) expect(result).toMatchObject({ expiresAt: NOW + 300 });
    expect(counted()).toBe(1);
  });

  it('a lease that could not be written is followed by one introspection, and by no other attempt', async () => {
    const { time, table, start, request, answerAfter, counted } = world();
    const update = jest.fn(async () => {
      throw new Error('throttled');
    });
    const connected = table.connect(time.environment().clock);
    const { cache, faults } = start({ table: { ...connected, update } });
    const { result } = await time.run(request({ cache }, answerAfter(100)));

    expect(result).toMatchObject({ expiresAt: NOW + 300 });
    expect(counted()).toBe(1);
    expect(faults).toMatchObject([
      ['acquire', expect.any(Error)],
      ['store', expect.any(Error)],
    ]);
  });
});

describe('a write of the lease that times out', () => {
  it('a write of the lease that times out is awaited before the lease is released, so that no lease is left behind', async () => {
    let isSlow = false;
    const { time, start, request, answerAfter, table } = world({
      passage: () => ({ requestMs: isSlow ? 400 : 2, responseMs: 2 }),
    });
    table.onGet(() => {
      isSlow = true;
    });
    const one = start();
    const mustNotBeStored = answerAfter(100, () => resultOf('token', 1, NOW));
    await time.run(
      request(one, () => {
        isSlow = false;
        return mustNotBeStored();
      }),
    );
    table.onGet(() => undefined);
    await time.run(time.sleep(1000));

    expect(one.faults).toMatchObject([
      ['acquire', expect.any(Error)],
      ['read', expect.any(Error)],
    ]);
    expect((await time.run(request(start(), answerAfter(10)))).ms).toBeLessThan(100);
  });

  it('a result is stored for other environments also if the write of its lease timed out', async () => {
    let isSlow = false;
    const { time, start, request, answerAfter, counted, table } = world({
      passage: () => ({ requestMs: isSlow ? 400 : 2, responseMs: 2 }),
    });
    table.onGet(() => {
      isSlow = true;
    });
    await time.run(request(start(), answerAfter(10)));
    isSlow = false;
    table.onGet(() => undefined);
    await time.run(time.sleep(1000));
    await time.run(request(start(), answerAfter(10)));

    expect(counted()).toBe(1);
  });

  it('a token is read from a table that rejects writes', async () => {
    const { time, table, start, request, answerAfter } = world();
    await time.run(request(start(), answerAfter(10)));
    const { cache } = start({
      table: {
        ...table.connect(time.environment().clock),
        update: async () => {
          throw new Error('no writes');
        },
      },
    });

    expect(await time.run(cache.getOrAcquire('token'))).toMatchObject({ expiresAt: NOW + 300 });
  });
});

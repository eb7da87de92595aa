import { createAuthorizer } from '../../lambda/authorizer';
import type { CachedResult } from '../../lambda/core/cache-lifetime';
import { Fault } from '../../lambda/core/errors';
import type { Introspection } from '../../lambda/core/introspection-response';
import type { IntrospectionLease, Ports } from '../../lambda/core/ports';
import { faultWith } from '../support/faults';
import { facts, NOW } from '../support/tokens';

const LIMITS = { maxTtlSeconds: 300, inactiveTtlSeconds: 10, cacheControl: 'respect' } as const;
const NOTHING = { issuer: undefined, audience: [], scopes: [[]], notBeforeToleranceSeconds: 60 };
const REQUEST = { headers: { Authorization: 'Bearer abc' } };
const FRESHNESS = { cacheControl: undefined, age: undefined };
const YES: Introspection = { facts: facts(), freshness: FRESHNESS };
const NO: Introspection = { invalid: 'token_inactive', freshness: FRESHNESS };

/** The authorizer with ports that keep everything and a clock that stands. */
function create({ limits = {}, answer = YES as Introspection | Fault, random = 0 } = {}) {
  const memory = new Map<string, CachedResult>();
  const table = new Map<string, CachedResult>();
  const clock = { now: NOW };
  const completed = jest.fn(async (accessToken: string, result: CachedResult) => {
    if (clock.now < result.expiresAt) table.set(accessToken, result);
    return true;
  });
  const released = jest.fn(async (_: unknown) => undefined);
  const ports = {
    introspect: jest.fn(async (_: string) => {
      if (answer instanceof Fault) throw answer;
      return answer;
    }),
    memoryCache: {
      get: jest.fn((id: string) => memory.get(id)),
      set: jest.fn((id: string, entry: CachedResult) => void memory.set(id, entry)),
      delete: jest.fn((id: string) => void memory.delete(id)),
    },
    tokenCache: {
      getOrAcquire: jest.fn(
        async (
          accessToken: string,
          known?: CachedResult,
        ): Promise<CachedResult | IntrospectionLease> => {
          const result = table.get(accessToken);
          const isNew = result?.expiresAt !== known?.expiresAt;
          if (result !== undefined && clock.now < result.expiresAt && isNew) return result;
          return { complete: (found) => completed(accessToken, found), release: released };
        },
      ),
      invalidate: jest.fn(async (accessToken: string) => void table.delete(accessToken)),
    },
    now: () => clock.now,
    random: () => random,
  } satisfies Ports;
  const { authorize, invalidate } = createAuthorizer({ limits: { ...LIMITS, ...limits }, ports });
  const kept = () => [...memory.values(), ...table.values()].map(({ expiresAt }) => expiresAt);
  return {
    ...ports,
    authorize: () => authorize(REQUEST, NOTHING),
    invalidate,
    memory,
    table,
    clock,
    completed,
    released,
    kept,
  };
}

describe('createAuthorizer', () => {
  it('calls neither caches nor authorization server for a request without a credential', async () => {
    const { introspect, memoryCache, tokenCache, ...ports } = create();
    const { authorize } = createAuthorizer({
      limits: LIMITS,
      ports: { ...ports, introspect, memoryCache, tokenCache },
    });

    expect(await authorize({ headers: {} }, NOTHING)).toEqual({
      decision: { outcome: 'unauthorized', reason: 'access_token_missing' },
      source: 'request',
    });
    expect(introspect).not.toHaveBeenCalled();
    expect(memoryCache.get).not.toHaveBeenCalled();
    expect(tokenCache.getOrAcquire).not.toHaveBeenCalled();
  });

  it('looks a token up in memory, then in the token cache, then at the authorization server', async () => {
    const { authorize, introspect, memory, table } = create();

    expect((await authorize()).source).toBe('introspection');
    expect((await authorize()).source).toBe('memory');
    memory.clear();
    expect((await authorize()).source).toBe('token_cache');
    expect((await authorize()).source).toBe('memory');
    memory.clear();
    table.clear();
    expect((await authorize()).source).toBe('introspection');
    expect(introspect.mock.calls).toEqual([['abc'], ['abc']]);
  });

  it('caches a result in memory and in the token cache with the same expiry, and not from that expiry on', async () => {
    const { authorize, memory, kept, clock } = create();
    await authorize();
    expect(kept()).toEqual([NOW + 300, NOW + 300]);

    clock.now = NOW + 299.999;
    expect((await authorize()).source).toBe('memory');
    memory.clear();
    expect((await authorize()).source).toBe('token_cache');
    clock.now = NOW + 300;
    expect((await authorize()).source).toBe('introspection');
  });

  it('never caches a result beyond the expiry of the token, nor for fractions of a second', async () => {
    const { authorize, kept, clock } = create({
      answer: { facts: facts({ exp: NOW + 7.9 }), freshness: FRESHNESS },
    });
    clock.now = NOW + 0.5;
    await authorize();

    expect(kept()).toEqual([NOW + 7, NOW + 7]);
  });

  it('does not cache a result that expires within the second', async () => {
    const { authorize, memory, table, clock } = create({
      answer: { facts: facts({ exp: NOW + 0.9 }), freshness: FRESHNESS },
    });
    clock.now = NOW + 0.1;

    expect((await authorize()).decision.outcome).toBe('allow');
    expect([memory.size, table.size]).toEqual([0, 0]);
  });

  it('counts the lifetime of a result from the start of its introspection', async () => {
    const world = create();
    world.introspect.mockImplementation(async () => {
      world.clock.now = NOW + 2;
      return YES;
    });
    await world.authorize();

    expect(world.kept()).toEqual([NOW + 300, NOW + 300]);
  });

  it('does not cache a result after a freeze that was longer than its lifetime', async () => {
    const world = create();
    world.introspect.mockImplementation(async () => {
      world.clock.now = NOW + 300;
      return YES;
    });

    expect((await world.authorize()).decision.outcome).toBe('allow');
    expect([world.memory.size, world.table.size]).toEqual([0, 0]);
  });

  it('does not keep a result in memory that was invalidated during the introspection', async () => {
    const world = create();
    world.completed.mockResolvedValue(false);

    expect((await world.authorize()).decision.outcome).toBe('allow');
    expect(world.memory.size).toBe(0);
  });

  it('decides at the time at which the introspection response arrives', async () => {
    const world = create();
    world.introspect.mockImplementation(async () => {
      world.clock.now = NOW + 600;
      return YES;
    });

    expect((await world.authorize()).decision).toMatchObject({ reason: 'token_expired' });
  });

  it('caches an inactive token in memory and in the token cache', async () => {
    const { authorize, introspect, memory, completed, clock } = create({ answer: NO });

    expect((await authorize()).decision).toMatchObject({ reason: 'token_inactive' });
    expect(completed.mock.calls).toEqual([['abc', { ...NO, expiresAt: NOW + 10 }]]);
    clock.now = NOW + 9.999;
    expect(await authorize()).toMatchObject({ source: 'memory' });
    memory.clear();
    expect(await authorize()).toMatchObject({ source: 'token_cache' });
    clock.now = NOW + 10;
    await authorize();
    expect(introspect).toHaveBeenCalledTimes(2);
  });

  it('reads and writes no cache for active tokens if the ceiling of their lifetime is 0', async () => {
    const { authorize, tokenCache, completed, memory } = create({ limits: { maxTtlSeconds: 0 } });
    await authorize();

    expect(tokenCache.getOrAcquire).not.toHaveBeenCalled();
    expect(completed).not.toHaveBeenCalled();
    expect(memory.size).toBe(0);
  });

  it('releases the lease with the error when the introspection fails', async () => {
    const { authorize, completed, released } = create({
      answer: new Fault('introspection_unavailable', 'x'),
    });

    await expect(authorize()).rejects.toEqual(faultWith('introspection_unavailable'));
    expect(released.mock.calls).toEqual([[faultWith('introspection_unavailable')]]);
    expect(completed).not.toHaveBeenCalled();
  });

  it('releases the lease when reading the response fails after the introspection', async () => {
    const world = create();
    world.introspect.mockResolvedValue({ facts: facts(), freshness: undefined } as never);

    await expect(world.authorize()).rejects.toThrow(TypeError);
    expect(world.released.mock.calls).toEqual([[expect.any(TypeError)]]);
    expect(world.completed).not.toHaveBeenCalled();
  });

  it('releases the lease when the memory cache fails', async () => {
    const world = create();
    const error = new Error('out of memory');
    world.memoryCache.set.mockImplementation(() => {
      throw error;
    });

    await expect(world.authorize()).rejects.toBe(error);
    expect(world.released.mock.calls).toEqual([[error]]);
  });

  it('completes the lease with an expired result where the server forbids caching', async () => {
    const noStore = { cacheControl: 'no-store', age: undefined };
    const { authorize, completed } = create({ answer: { facts: facts(), freshness: noStore } });

    expect((await authorize()).decision.outcome).toBe('allow');
    expect(completed.mock.calls).toEqual([['abc', expect.objectContaining({ expiresAt: NOW })]]);
  });

  it('invalidates a token in both caches, and no other token', async () => {
    const { authorize, invalidate, memory, table } = create();
    await authorize();

    await invalidate('other');
    expect([memory.size, table.size]).toEqual([1, 1]);
    await invalidate('abc');
    expect([memory.size, table.size]).toEqual([0, 0]);
    expect((await authorize()).source).toBe('introspection');
  });

  it('invalidates a token also while it is being looked up', async () => {
    const world = create();
    let answer: (introspection: Introspection) => void = () => undefined;
    world.introspect.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const looking = world.authorize();
    await new Promise((resolve) => setImmediate(resolve));
    const invalidating = world.invalidate('abc');
    answer(YES);
    await Promise.all([looking, invalidating]);

    expect([world.memory.size, world.table.size]).toEqual([0, 0]);
  });

  it('keeps no access token in memory', async () => {
    const { authorize, memory } = create();
    await authorize();

    expect([...memory.keys()].join()).not.toContain('abc');
  });

  it('fails every concurrent request for a token with the same fault, and then introspects again', async () => {
    const { authorize, introspect } = create({
      answer: new Fault('introspection_unavailable', 'x'),
    });

    const results = await Promise.allSettled([authorize(), authorize(), authorize()]);

    for (const result of results) {
      expect(result).toEqual({
        status: 'rejected',
        reason: faultWith('introspection_unavailable'),
      });
    }
    expect(introspect).toHaveBeenCalledTimes(1);
    await expect(authorize()).rejects.toThrow();
    expect(introspect).toHaveBeenCalledTimes(2);
  });

  it('returns a result only after its entry is written, since the environment can freeze after that', async () => {
    const world = create();
    const steps: string[] = [];
    world.completed.mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      steps.push('written');
      return true;
    });
    await world.authorize();
    steps.push('answered');

    expect(steps).toEqual(['written', 'answered']);
  });
});

describe('renewal of a result in memory', () => {
  const renewing = { random: 1 };

  it('renews a result in the last tenth of its lifetime, with a lifetime of its own', async () => {
    const { authorize, kept, clock } = create(renewing);
    await authorize();

    clock.now = NOW + 269.9;
    expect((await authorize()).source).toBe('memory');
    clock.now = NOW + 270;
    expect((await authorize()).source).toBe('introspection');
    expect(kept()).toEqual([NOW + 570, NOW + 570]);
  });

  it('caches in memory the result that another environment has renewed', async () => {
    const { authorize, introspect, table, clock, kept } = create(renewing);
    await authorize();
    clock.now = NOW + 280;
    table.set('abc', { ...YES, expiresAt: NOW + 575 });

    expect((await authorize()).source).toBe('token_cache');
    expect(kept()).toEqual([NOW + 575, NOW + 575]);
    expect(introspect).toHaveBeenCalledTimes(1);
  });

  it('serves the known result while another environment renews it, and tries to renew it once', async () => {
    const { authorize, introspect, tokenCache, clock } = create(renewing);
    await authorize();
    clock.now = NOW + 280;
    tokenCache.getOrAcquire.mockImplementation(async (_, known) => known as CachedResult);

    expect(await authorize()).toMatchObject({ decision: { outcome: 'allow' }, source: 'memory' });
    expect((await authorize()).source).toBe('memory');
    expect(tokenCache.getOrAcquire).toHaveBeenCalledTimes(2);
    expect(introspect).toHaveBeenCalledTimes(1);
  });

  it.each<[string, number, unknown]>([
    [
      'serves the known result',
      NOW + 280,
      { decision: { outcome: 'allow', facts: facts() }, source: 'memory' },
    ],
    ['fails if the known result has expired', NOW + 300, faultWith('introspection_unavailable')],
  ])('%s when the introspection of a renewal fails', async (_, then, expected) => {
    const world = create(renewing);
    await world.authorize();
    world.clock.now = NOW + 280;
    world.introspect.mockImplementation(async () => {
      world.clock.now = then;
      throw new Fault('introspection_unavailable', 'x');
    });

    expect(await world.authorize().catch((error: unknown) => error)).toEqual(expected);
    // It expires by itself: released, it would let every other environment try, too.
    expect(world.released).not.toHaveBeenCalled();
  });

  it('does not hide an unexpected error of a renewal', async () => {
    const world = create(renewing);
    await world.authorize();
    world.clock.now = NOW + 280;
    world.introspect.mockRejectedValue(new TypeError('defect'));

    await expect(world.authorize()).rejects.toThrow(TypeError);
  });

  it('denies a token that turns out to be inactive when it is renewed', async () => {
    const world = create(renewing);
    await world.authorize();
    world.clock.now = NOW + 280;
    world.introspect.mockResolvedValue(NO);

    expect((await world.authorize()).decision).toMatchObject({ reason: 'token_inactive' });
    expect((await world.authorize()).decision).toMatchObject({ reason: 'token_inactive' });
  });

  it.each([
    ['is not cached', 0, true],
    ['comes after the lease was lost', 10, false],
  ])(
    'does not serve a known result again after a renewal whose inactive result %s',
    async (_title, inactiveTtlSeconds, isCurrent) => {
      const world = create({ ...renewing, limits: { inactiveTtlSeconds } });
      await world.authorize();
      world.clock.now = NOW + 280;
      world.introspect.mockResolvedValue(NO);
      world.completed.mockResolvedValue(isCurrent);
      world.tokenCache.getOrAcquire.mockImplementation(async () => ({
        complete: (found) => world.completed('abc', found),
        release: world.released,
      }));

      expect((await world.authorize()).decision).toMatchObject({ reason: 'token_inactive' });
      expect((await world.authorize()).decision).toMatchObject({ reason: 'token_inactive' });
    },
  );

  it('looks a token up again if its known result expires while the table is read', async () => {
    const world = create(renewing);
    await world.authorize();
    world.clock.now = NOW + 299;
    world.tokenCache.getOrAcquire.mockImplementationOnce(async (_, known) => {
      world.clock.now = NOW + 300;
      return known as CachedResult;
    });

    expect((await world.authorize()).source).toBe('introspection');
  });
});

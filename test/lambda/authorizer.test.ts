import { createAuthorizer } from '../../lambda/authorizer';
import type { CachedAnswer } from '../../lambda/core/cache-lifetime';
import { Fault } from '../../lambda/core/errors';
import type { Introspection } from '../../lambda/core/introspection-response';
import type { Ports, Turn } from '../../lambda/core/ports';
import { faultWith } from '../support/faults';
import { facts, NOW } from '../support/tokens';

const LIMITS = { maxTtlSeconds: 300, inactiveTtlSeconds: 10, cacheControl: 'respect' } as const;
const NOTHING = { issuer: undefined, audience: [], scopes: [[]], notBeforeToleranceSeconds: 60 };
const REQUEST = { headers: { Authorization: 'Bearer abc' } };
const FRESHNESS = { cacheControl: undefined, age: undefined };
const YES: Introspection = { facts: facts(), freshness: FRESHNESS };
const NO: Introspection = { invalid: 'token_inactive', freshness: FRESHNESS };

/** The authorizer with ports that keep everything and a clock that stands. */
function create({ limits = {}, answer = YES as Introspection | Fault } = {}) {
  const memory = new Map<string, CachedAnswer>();
  const table = new Map<string, CachedAnswer>();
  const clock = { now: NOW };
  const ended = jest.fn(async (accessToken: string, answer: CachedAnswer) => {
    if (clock.now < answer.expiresAt) table.set(accessToken, answer);
  });
  const abandoned = jest.fn(async () => undefined);
  const ports = {
    introspect: jest.fn(async (_: string) => {
      if (answer instanceof Fault) throw answer;
      return answer;
    }),
    memoryCache: {
      get: jest.fn((id: string) => memory.get(id)),
      set: jest.fn((id: string, entry: CachedAnswer) => void memory.set(id, entry)),
      delete: jest.fn((id: string) => void memory.delete(id)),
    },
    tokenCache: {
      find: jest.fn(async (accessToken: string): Promise<CachedAnswer | Turn> => {
        const answer = table.get(accessToken);
        const live = answer !== undefined && clock.now < answer.expiresAt;
        return live ? answer : { end: (found) => ended(accessToken, found), abandon: abandoned };
      }),
      forget: jest.fn(async (accessToken: string) => void table.delete(accessToken)),
    },
    now: () => clock.now,
  } satisfies Ports;
  const { authorize, forget } = createAuthorizer({ limits: { ...LIMITS, ...limits }, ports });
  const kept = () => [...memory.values(), ...table.values()].map(({ expiresAt }) => expiresAt);
  return {
    ...ports,
    authorize: () => authorize(REQUEST, NOTHING),
    forget,
    memory,
    table,
    clock,
    ended,
    abandoned,
    kept,
  };
}

describe('createAuthorizer', () => {
  it('touches nothing for a request without a credential', async () => {
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
    expect(tokenCache.find).not.toHaveBeenCalled();
  });

  it('asks memory, then the token cache, then the authorization server', async () => {
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

  it('keeps an answer in both caches with the same end, and not at or after it', async () => {
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

  it('never keeps an answer beyond the end of the token, nor in fractions of a second', async () => {
    const { authorize, kept, clock } = create({
      answer: { facts: facts({ exp: NOW + 7.9 }), freshness: FRESHNESS },
    });
    clock.now = NOW + 0.5;
    await authorize();

    expect(kept()).toEqual([NOW + 7, NOW + 7]);
  });

  it('does not keep an answer that ends within the second', async () => {
    const { authorize, memory, table, clock } = create({
      answer: { facts: facts({ exp: NOW + 0.9 }), freshness: FRESHNESS },
    });
    clock.now = NOW + 0.1;

    expect((await authorize()).decision.outcome).toBe('allow');
    expect([memory.size, table.size]).toEqual([0, 0]);
  });

  it('takes the lifetime from when the answer came, not from when it was asked for', async () => {
    const world = create();
    world.introspect.mockImplementation(async () => {
      world.clock.now = NOW + 2;
      return YES;
    });
    await world.authorize();

    expect(world.kept()).toEqual([NOW + 302, NOW + 302]);
  });

  it('decides at the time of the answer', async () => {
    const world = create();
    world.introspect.mockImplementation(async () => {
      world.clock.now = NOW + 600;
      return YES;
    });

    expect((await world.authorize()).decision).toMatchObject({ reason: 'token_expired' });
  });

  it('remembers an inactive token in memory, and tells the token cache', async () => {
    const { authorize, introspect, memory, ended, clock } = create({ answer: NO });

    expect((await authorize()).decision).toMatchObject({ reason: 'token_inactive' });
    expect(ended.mock.calls).toEqual([['abc', { ...NO, expiresAt: NOW + 10 }]]);
    clock.now = NOW + 9.999;
    expect(await authorize()).toMatchObject({ source: 'memory' });
    memory.clear();
    expect(await authorize()).toMatchObject({ source: 'token_cache' });
    clock.now = NOW + 10;
    await authorize();
    expect(introspect).toHaveBeenCalledTimes(2);
  });

  it('leaves the token cache alone where the ceiling is 0', async () => {
    const { authorize, tokenCache, ended, memory } = create({ limits: { maxTtlSeconds: 0 } });
    await authorize();

    expect(tokenCache.find).not.toHaveBeenCalled();
    expect(ended).not.toHaveBeenCalled();
    expect(memory.size).toBe(0);
  });

  it('abandons its turn when the introspection fails', async () => {
    const { authorize, ended, abandoned } = create({
      answer: new Fault('introspection_unavailable', 'x'),
    });

    await expect(authorize()).rejects.toEqual(faultWith('introspection_unavailable'));
    expect(abandoned).toHaveBeenCalledTimes(1);
    expect(ended).not.toHaveBeenCalled();
  });

  it('ends its turn with an answer that is over where none may be kept', async () => {
    const noStore = { cacheControl: 'no-store', age: undefined };
    const { authorize, ended } = create({ answer: { facts: facts(), freshness: noStore } });

    expect((await authorize()).decision.outcome).toBe('allow');
    expect(ended.mock.calls).toEqual([['abc', expect.objectContaining({ expiresAt: NOW })]]);
  });

  it('forgets a token in both caches, and no other', async () => {
    const { authorize, forget, memory, table } = create();
    await authorize();

    await forget('other');
    expect([memory.size, table.size]).toEqual([1, 1]);
    await forget('abc');
    expect([memory.size, table.size]).toEqual([0, 0]);
    expect((await authorize()).source).toBe('introspection');
  });

  it('forgets a token also where it is looked up meanwhile', async () => {
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
    const forgetting = world.forget('abc');
    answer(YES);
    await Promise.all([looking, forgetting]);

    expect([world.memory.size, world.table.size]).toEqual([0, 0]);
  });

  it('keeps no access token in memory', async () => {
    const { authorize, memory } = create();
    await authorize();

    expect([...memory.keys()].join()).not.toContain('abc');
  });

  it('lets every concurrent request fail with the one fault, and then asks again', async () => {
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

  it('answers only when the entry is written: the environment may freeze after that', async () => {
    const world = create();
    const steps: string[] = [];
    world.ended.mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      steps.push('written');
    });
    await world.authorize();
    steps.push('answered');

    expect(steps).toEqual(['written', 'answered']);
  });
});

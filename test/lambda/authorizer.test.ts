import { createAuthorizer } from '../../lambda/authorizer';
import type { CachedAnswer } from '../../lambda/core/cache-lifetime';
import { Fault } from '../../lambda/core/errors';
import type { Introspection } from '../../lambda/core/introspection-response';
import type { Facts } from '../../lambda/core/phantom-token';
import type { Ports } from '../../lambda/core/ports';
import { faultWith } from '../support/faults';
import { facts, NOW } from '../support/tokens';

const LIMITS = { maxTtlSeconds: 300, inactiveTtlSeconds: 10, cacheControl: 'respect' } as const;
const NOTHING = { issuer: undefined, audience: [], scopes: [[]] };
const REQUEST = { headers: { Authorization: 'Bearer abc' } };
const FRESHNESS = { cacheControl: undefined, age: undefined };
const YES: Introspection = { facts: facts(), freshness: FRESHNESS };
const NO: Introspection = { invalid: 'token_inactive', freshness: FRESHNESS };

/** The authorizer with ports that keep everything and a clock that stands. */
function create({ limits = {}, answer = YES as Introspection | Fault } = {}) {
  const memory = new Map<string, CachedAnswer>();
  const table = new Map<string, CachedAnswer>();
  const clock = { now: NOW };
  const ports = {
    introspect: jest.fn(async (_: string) => {
      if (answer instanceof Fault) throw answer;
      return answer;
    }),
    memoryCache: {
      get: jest.fn((id: string) => memory.get(id)),
      set: jest.fn((id: string, entry: CachedAnswer) => void memory.set(id, entry)),
    },
    tokenCache: {
      get: jest.fn(async (id: string) => table.get(id)),
      put: jest.fn(
        async (id: string, _: string, some: Facts, expiresAt: number) =>
          void table.set(id, { facts: some, expiresAt }),
      ),
    },
    entryId: (accessToken: string) => `id of ${accessToken}`,
    now: () => clock.now,
  } satisfies Ports;
  const authorize = createAuthorizer({ limits: { ...LIMITS, ...limits }, ports });
  return { ...ports, authorize: () => authorize(REQUEST, NOTHING), memory, table, clock };
}

describe('createAuthorizer', () => {
  it('touches nothing for a request without a credential', async () => {
    const { introspect, memoryCache, tokenCache, ...ports } = create();
    const authorize = createAuthorizer({
      limits: LIMITS,
      ports: { ...ports, introspect, memoryCache, tokenCache },
    });

    expect(await authorize({ headers: {} }, NOTHING)).toEqual({
      decision: { outcome: 'unauthorized', reason: 'access_token_missing' },
      source: 'request',
    });
    expect(introspect).not.toHaveBeenCalled();
    expect(memoryCache.get).not.toHaveBeenCalled();
    expect(tokenCache.get).not.toHaveBeenCalled();
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
    const { authorize, memory, table, clock } = create();
    await authorize();
    const entry = { facts: facts(), expiresAt: NOW + 300 };
    expect([...memory, ...table]).toMatchObject([
      ['id of abc', entry],
      ['id of abc', entry],
    ]);

    clock.now = NOW + 299.999;
    expect((await authorize()).source).toBe('memory');
    memory.clear();
    expect((await authorize()).source).toBe('token_cache');
    clock.now = NOW + 300;
    expect((await authorize()).source).toBe('introspection');
  });

  it('never keeps an answer beyond the end of the token, nor in fractions of a second', async () => {
    const { authorize, memory, clock } = create({
      answer: { facts: facts({ exp: NOW + 7.9 }), freshness: FRESHNESS },
    });
    clock.now = NOW + 0.5;
    await authorize();

    expect(memory.get('id of abc')?.expiresAt).toBe(NOW + 7);
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

    expect(world.memory.get('id of abc')?.expiresAt).toBe(NOW + 302);
  });

  it('decides at the time of the answer', async () => {
    const world = create();
    world.introspect.mockImplementation(async () => {
      world.clock.now = NOW + 600;
      return YES;
    });

    expect((await world.authorize()).decision).toMatchObject({ reason: 'token_expired' });
  });

  it('remembers an inactive token in memory only', async () => {
    const { authorize, introspect, table, clock } = create({ answer: NO });

    expect((await authorize()).decision).toMatchObject({ reason: 'token_inactive' });
    clock.now = NOW + 9.999;
    expect(await authorize()).toMatchObject({ source: 'memory' });
    expect(table.size).toBe(0);
    clock.now = NOW + 10;
    await authorize();
    expect(introspect).toHaveBeenCalledTimes(2);
  });

  it('leaves the token cache alone where the ceiling is 0', async () => {
    const { authorize, tokenCache, memory } = create({ limits: { maxTtlSeconds: 0 } });
    await authorize();

    expect(tokenCache.get).not.toHaveBeenCalled();
    expect(tokenCache.put).not.toHaveBeenCalled();
    expect(memory.size).toBe(0);
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
    world.tokenCache.put.mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      steps.push('written');
    });
    await world.authorize();
    steps.push('answered');

    expect(steps).toEqual(['written', 'answered']);
  });
});

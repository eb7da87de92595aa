import { createSealing } from '../../../lambda/cache/sealed-entry';
import { createTokenCache, type TokenCacheOptions } from '../../../lambda/cache/token-cache';
import type { CachedResult } from '../../../lambda/core/cache-lifetime';
import type { ClientCredentials } from '../../../lambda/core/client-credentials';
import { Fault } from '../../../lambda/core/errors';
import { parseTokenInfo, readPhantomToken } from '../../../lambda/core/phantom-token';
import { createTableCircuitBreaker } from '../../../lambda/io/aws/table-circuit-breaker';
import { systemClock } from '../../../lambda/io/system-clock';
import { type DynamoTable, type StoredItem, startDynamoTable } from '../../support/dynamo-table';
import { faultWith } from '../../support/faults';
import { jws, NOW } from '../../support/tokens';

const FACTS = readPhantomToken(jws({ sub: 'alice', exp: NOW + 600 }));
const ANSWER: CachedResult = { facts: FACTS, expiresAt: NOW + 300 };
const INACTIVE: CachedResult = { invalid: 'token_inactive', expiresAt: NOW + 10 };
const SECRET = 's'.repeat(32);
const OURS: ClientCredentials = { kind: 'secret', clientId: 'gateway', secret: SECRET };

let table: DynamoTable;
let token: string;
let tokens = 0;

beforeAll(async () => {
  table = await startDynamoTable();
});
afterAll(() => table.close());
beforeEach(() => {
  tokens += 1;
  token = `token-${tokens}`;
});

/** The token cache of one execution environment. */
function environment(
  options: Partial<TokenCacheOptions> = {},
  { credentials = OURS, clock = { now: NOW } } = {},
) {
  const get = jest.fn(async () => credentials);
  const reread = jest.fn(get);
  const onFault = jest.fn();
  const ours = { ...systemClock, now: () => clock.now };
  // Not what is tested here: a machine under load must not look like a table that is slow.
  const breaker = () => createTableCircuitBreaker({ timeoutMs: 20_000, onFault, clock: ours });
  const cache = createTokenCache({
    table: table.connect(),
    identity: ['endpoint'],
    parse: (text) => parseTokenInfo(text),
    credentials: { get, reread },
    reads: breaker(),
    writes: breaker(),
    maxTtlSeconds: 300,
    coalesceIntrospections: true,
    leaseMs: 3000,
    waitMs: 3000,
    onFault,
    onWeakKey: () => undefined,
    clock: ours,
    random: Math.random,
    ...options,
  });
  /** A lease to introspect; fails if there is a result. */
  const lease = async (accessToken = token) => {
    const found = await cache.getOrAcquire(accessToken);
    if (!('complete' in found)) throw new Error('the token is cached');
    return found;
  };
  const put = async (answer: CachedResult = ANSWER, accessToken = token) =>
    (await lease(accessToken)).complete(answer);
  /** The cached result; a lease is released again. */
  const cached = async (accessToken = token) => {
    const found = await cache.getOrAcquire(accessToken);
    if (!('complete' in found)) return found;
    await found.release(undefined);
    return undefined;
  };
  return { cache, get, reread, onFault, lease, put, cached, clock };
}

const idOf = (accessToken = token) =>
  createSealing(SECRET, ['endpoint', 'gateway']).entryId(accessToken);
async function itemOf(accessToken = token): Promise<StoredItem> {
  const items = await table.items();
  const item = items.find(({ id }) => id?.S === idOf(accessToken));
  if (item === undefined) throw new Error('there is no such item');
  return item;
}

describe('an entry of the token cache', () => {
  it('an entry of the token cache is one item with the sealed result, its expiry, and the lease it was stored under', async () => {
    await environment().put();

    expect(await itemOf()).toEqual({
      id: { S: idOf() },
      sealed: { B: expect.any(Uint8Array) },
      expires_at: { N: String(NOW + 300) },
      lease_id: { S: expect.any(String) },
      ttl: { N: String(NOW + 360) },
    });
  });

  it('an entry of the token cache holds nothing of token or JWT in plaintext', async () => {
    await environment().put();
    const item = await itemOf();
    const sealed = Buffer.from(item['sealed']?.B ?? []);
    const everything = [JSON.stringify(item), sealed.toString('latin1')].join();

    for (const part of [token, ...FACTS.jwt.split('.'), 'alice']) {
      expect(everything).not.toContain(part);
    }
  });

  it('an entry of the token cache gives the facts to other environments', async () => {
    await environment().put();

    expect(await environment().cached()).toEqual(ANSWER);
  });

  it('an entry of the token cache is a miss from its expiry on, without a warning, although DynamoDB still has it', async () => {
    await environment().put();
    const { cached, clock, onFault } = environment();

    clock.now = NOW + 299.999;
    expect(await cached()).toEqual(ANSWER);
    clock.now = NOW + 300;
    expect(await cached()).toBeUndefined();
    expect(onFault).not.toHaveBeenCalled();
  });

  it('an entry of the token cache is overwritten by the next result', async () => {
    const { put, cached, clock } = environment();
    await put();
    clock.now = NOW + 300;
    await put({ ...ANSWER, expiresAt: NOW + 500 });

    expect(await cached()).toEqual({ ...ANSWER, expiresAt: NOW + 500 });
  });

  it('an entry of the token cache holds no result that must not be stored', async () => {
    const { put } = environment();
    await put({ ...ANSWER, expiresAt: NOW });

    expect(await itemOf()).not.toHaveProperty('sealed');
  });

  it('an entry of the token cache holds an inactive token until its expiry', async () => {
    await environment().put(INACTIVE);
    const { cached, clock } = environment();

    clock.now = NOW + 9.999;
    expect(await cached()).toEqual(INACTIVE);
    clock.now = NOW + 10;
    expect(await cached()).toBeUndefined();
  });

  it('an entry of the token cache holds the facts of a token that becomes active after it was inactive', async () => {
    const { put, cached, clock } = environment();
    await put(INACTIVE);
    clock.now = NOW + 10;
    await put();

    expect(await cached()).toEqual(ANSWER);
  });

  it('the token cache stores a result with one read and one write if introspections are not coalesced', async () => {
    const connected = table.connect();
    const [get, update] = [jest.fn(connected.get), jest.fn(connected.update)];
    await environment({ coalesceIntrospections: false, table: { get, update } }).put();

    expect([get.mock.calls.length, update.mock.calls.length]).toEqual([1, 1]);
    expect(await environment().cached()).toEqual(ANSWER);
  });

  it.each<[string, (item: StoredItem) => StoredItem]>([
    ['a later expiry', () => ({ expires_at: { N: String(NOW + 301) } })],
    ['an expiry that is text', () => ({ expires_at: { S: String(NOW + 300) } })],
    ['an entry that is text', () => ({ sealed: { S: FACTS.jwt } })],
    ['the JWT unsealed', () => ({ sealed: { B: Buffer.from(FACTS.jwt) } })],
    [
      'a changed entry',
      (item) => {
        const sealed = Buffer.from(item['sealed']?.B ?? []);
        sealed[20] = (sealed[20] ?? 0) ^ 1;
        return { sealed: { B: sealed } };
      },
    ],
  ])(
    'an entry of the token cache with %s counts as a miss, is logged, and is overwritten',
    async (_, change) => {
      await environment().put();
      const item = await itemOf();
      await table.put({ ...item, ...change(item) });
      const { lease, cached, onFault } = environment();

      await (await lease()).complete(ANSWER);
      expect(onFault).toHaveBeenCalledTimes(1);
      expect(onFault).toHaveBeenCalledWith('open', expect.any(Error));
      expect(await cached()).toEqual(ANSWER);
    },
  );

  it.each([
    ['no expiry', 'expires_at'],
    ['no sealed facts', 'sealed'],
  ])('an entry of the token cache with %s counts as a miss, and is logged', async (_, missing) => {
    await environment().put();
    const { [missing]: __, ...rest } = await itemOf();
    await table.put(rest as StoredItem);
    const { cached, onFault } = environment();

    expect(await cached()).toBeUndefined();
    expect(onFault).toHaveBeenCalledWith('open', expect.any(Error));
  });

  it('an entry of the token cache does not open in the place of another token', async () => {
    const { put, cached, onFault } = environment();
    await put(ANSWER, `${token}-other`);
    await table.put({ ...(await itemOf(`${token}-other`)), id: { S: idOf() } });

    expect(await cached()).toBeUndefined();
    expect(onFault).toHaveBeenCalledWith('open', expect.any(Error));
  });

  it('an entry of the token cache that was put back after it was replaced keeps its expiry', async () => {
    const { put, cached, clock } = environment();
    await put();
    const old = await itemOf();
    clock.now = NOW + 300;
    await put({ ...ANSWER, expiresAt: NOW + 500 });
    await table.put(old);

    expect(await cached()).toBeUndefined();
  });

  it.each<[string, Partial<TokenCacheOptions>, ClientCredentials]>([
    ['another secret', {}, { ...OURS, secret: 'other' }],
    ['another client', {}, { ...OURS, clientId: 'other' }],
    ['another cache key', {}, { ...OURS, cacheKey: 'k'.repeat(32) }],
    ['another configuration', { identity: ['other'] }, OURS],
  ])(
    'an entry of the token cache is not found by a deployment with %s',
    async (_, options, credentials) => {
      await environment().put();
      const other = environment(options, { credentials });

      expect(await other.cached()).toBeUndefined();
      expect(other.onFault).not.toHaveBeenCalled();
    },
  );

  it('an entry of the token cache is found after a change of the secret if both have the same cache key', async () => {
    const cacheKey = 'k'.repeat(32);
    const [one, other] = ['one', 'other'].map((secret) =>
      environment({}, { credentials: { ...OURS, secret, cacheKey } }),
    );
    await one?.put();

    expect(await other?.cached()).toEqual(ANSWER);
  });

  it('an entry of the token cache is sealed with the secret that was read last, which other environments have too', async () => {
    const { lease, get } = environment();
    const ours = await lease();
    get.mockResolvedValue({ ...OURS, secret: 'rotated' });
    await ours.complete(ANSWER);

    const rotated = environment({}, { credentials: { ...OURS, secret: 'rotated' } });
    expect(await rotated.cached()).toEqual(ANSWER);
  });

  it('an entry of the token cache that is not a phantom token by the current rules is a miss', async () => {
    await environment().put();
    const strict = environment({ parse: (text) => parseTokenInfo(text, ['at+jwt']) });

    expect(await strict.cached()).toBeUndefined();
    expect(strict.onFault).toHaveBeenCalledWith('open', expect.any(Fault));
  });

  it('an entry of the token cache is deleted when its token is invalidated, and no other entry is', async () => {
    const { put, cache, cached } = environment();
    await put();
    await put(ANSWER, `${token}-other`);
    await cache.invalidate(token);

    expect(await cached()).toBeUndefined();
    expect(await cached(`${token}-other`)).toEqual(ANSWER);
  });
});

describe('the token cache', () => {
  it('the token cache cannot be read without credentials', async () => {
    const { cache, get } = environment();
    get.mockRejectedValue(new Fault('credentials_invalid', 'x'));

    await expect(cache.getOrAcquire(token)).rejects.toEqual(faultWith('credentials_invalid'));
  });

  it('the token cache completes a lease without an error if the credentials can no longer be read', async () => {
    const { lease, get, onFault } = environment();
    const ours = await lease();
    get.mockRejectedValue(new Fault('credentials_unavailable', 'x'));

    expect(await ours.complete(ANSWER)).toBe(true);
    expect(onFault).toHaveBeenCalledWith('store', expect.any(Fault));
  });

  it('the token cache throws the fault that another environment released its lease with', async () => {
    const lease = await environment().lease();
    await lease.release(new Fault('introspection_unavailable', 'x'));

    await expect(environment().cache.getOrAcquire(token)).rejects.toEqual(
      faultWith(
        'introspection_unavailable',
        'the introspection of another execution environment failed',
      ),
    );
  });

  it('the token cache rejects an invalidation if the table fails', async () => {
    const { cache } = environment({ table: table.connect(undefined, 'nowhere') });

    await expect(cache.invalidate(token)).rejects.toEqual(faultWith('token_cache_unavailable'));
  });
});

describe('the invalidation of a token', () => {
  it('the invalidation of a token marks the item with its time, and leaves neither result nor lease', async () => {
    const { put, cache } = environment();
    await put();
    const { lease_id: before } = await itemOf();
    await cache.invalidate(token);

    const item = await itemOf();
    expect(item).toEqual({
      id: { S: idOf() },
      lease_id: { S: expect.any(String) },
      invalidated_at: { N: String(NOW) },
      ttl: { N: String(NOW + 360) },
    });
    expect(item['lease_id']).not.toEqual(before);
  });

  it.each([true, false])(
    'the invalidation of a token keeps out the result of an introspection that began before it (coalescing: %s)',
    async (coalesceIntrospections) => {
      const ours = environment({ coalesceIntrospections });
      const lease = await ours.lease();
      await environment().cache.invalidate(token);

      expect(await lease.complete(ANSWER)).toBe(false);
      expect(await itemOf()).not.toHaveProperty('sealed');
      expect(ours.onFault).not.toHaveBeenCalled();
    },
  );

  it('the invalidation of a token admits the result of an introspection that began after it', async () => {
    await environment().cache.invalidate(token);
    await environment().put();

    expect(await environment().cached()).toEqual(ANSWER);
  });

  it('the invalidation of a token also covers entries under a secret that this environment has not read yet', async () => {
    const rotated = { ...OURS, secret: 'r'.repeat(32) };
    await environment({}, { credentials: rotated }).put();
    const { cache, reread } = environment();
    reread.mockResolvedValue(rotated);
    await cache.invalidate(token);

    expect(await environment({}, { credentials: rotated }).cached()).toBeUndefined();
  });

  it('the invalidation of a token keeps out a result that was introspected before it and is stored after a rotation', async () => {
    const rotated = { ...OURS, secret: 'r'.repeat(32) };
    const { lease, get } = environment();
    const ours = await lease();
    await environment({}, { credentials: rotated }).cache.invalidate(token);
    get.mockResolvedValue(rotated);

    expect(await ours.complete(ANSWER)).toBe(false);
    expect(await environment({}, { credentials: rotated }).cached()).toBeUndefined();
  });
});

describe('a lease', () => {
  it('a lease that another environment acquired first is given up for its result, by one more read', async () => {
    const connected = table.connect();
    const get = jest.fn(connected.get);
    const first = environment({
      table: {
        ...connected,
        // Between the read and the conditional write.
        async get(id, options) {
          const item = await get(id, options);
          if (!options?.consistent) await environment().put();
          return item;
        },
      },
    });

    expect(await first.cached()).toEqual(ANSWER);
    expect(get.mock.calls.map(([, options]) => options)).toEqual([
      { consistent: false },
      { consistent: true },
    ]);
  });

  it('a lease needs no other read if DynamoDB returns the item that failed the condition', async () => {
    const connected = table.connect();
    const get = jest.fn(connected.get);
    const { cached } = environment({
      table: {
        get,
        async update(...update) {
          await environment().put();
          const result = await connected.update(...update);
          const item = await connected.get(update[0], { consistent: true });
          return result.updated ? result : { ...result, item };
        },
      },
    });

    expect(await cached()).toEqual(ANSWER);
    expect(get).toHaveBeenCalledTimes(1);
  });
});

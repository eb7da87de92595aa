import type { CacheIdentity } from '../../../lambda/cache/sealed-entry';
import {
  createTokenCacheEntries,
  type SharedResult,
} from '../../../lambda/cache/token-cache-entries';
import type { ClientCredentials } from '../../../lambda/core/client-credentials';
import { Fault } from '../../../lambda/core/errors';
import { parseTokenInfo, readPhantomToken } from '../../../lambda/core/phantom-token';
import type { Item, UpdateResult } from '../../../lambda/io/aws/token-table';
import { systemClock } from '../../../lambda/io/system-clock';
import { faultWith } from '../../support/faults';
import { jws, NOW } from '../../support/tokens';

const CREDENTIALS: ClientCredentials = { kind: 'secret', clientId: 'gw', secret: 's'.repeat(32) };
const IDENTITY: CacheIdentity = ['endpoint'];
const FACTS = readPhantomToken(jws({ sub: 'alice' }));
const ACTIVE: SharedResult = { facts: FACTS, expiresAt: NOW + 300 };
const INACTIVE: SharedResult = { invalid: 'token_inactive', expiresAt: NOW + 300 };
const FAULT: SharedResult = { fault: 'introspection_unavailable', expiresAt: NOW + 300 };

interface Options {
  readonly maxTtlSeconds?: number;
  readonly credentials?: ClientCredentials;
  readonly reread?: ClientCredentials;
  readonly identity?: CacheIdentity;
}

/** The entries of one environment, whose table only takes notes. */
function environment({
  maxTtlSeconds = 300,
  credentials = CREDENTIALS,
  reread = credentials,
  identity = IDENTITY,
}: Options = {}) {
  const time = { now: NOW };
  const [onFault, onWeakKey] = [jest.fn(), jest.fn()];
  const get = jest.fn(async (): Promise<Item | undefined> => undefined);
  const update = jest.fn(async () => ({ updated: true }) as UpdateResult);
  const parse = jest.fn((text: string): typeof FACTS | undefined => parseTokenInfo(text));
  const source = { get: async () => credentials, reread: async () => reread };
  const entries = createTokenCacheEntries({
    table: { get, update },
    identity,
    parse,
    credentials: source,
    maxTtlSeconds,
    onFault,
    onWeakKey,
    clock: { ...systemClock, now: () => time.now },
  });
  return { entries, time, onFault, onWeakKey, get, update, parse };
}

/** Stores a result and returns how it is opened at a time. */
async function stored(result: SharedResult) {
  const ours = environment();
  const entry = await ours.entries.of('token');
  const item = entry.store(result);
  const openAt = (now: number, since = now, changed: Item = {}) => {
    ours.time.now = now;
    return entry.open({ ...item, ...changed }, since);
  };
  return { ...ours, item, openAt };
}

describe('an entry of the token cache', () => {
  it.each([
    ['facts', ACTIVE],
    ['an inactive token', INACTIVE],
    ['a fault', FAULT],
  ])('an entry of the token cache opens as the result it was stored for: %s', async (_, result) => {
    const { openAt, onFault } = await stored(result);

    expect(openAt(NOW)).toEqual(result);
    expect(openAt(NOW + 299.999)).toEqual(result);
    expect(openAt(NOW + 300)).toBeUndefined();
    expect(onFault).not.toHaveBeenCalled();
  });

  it.each([
    ['active', ACTIVE],
    ['inactive', INACTIVE],
  ])('the result of an %s token expires also while a request waits', async (_, result) => {
    const { openAt } = await stored(result);

    expect(openAt(NOW + 299.999, NOW)).toEqual(result);
    expect(openAt(NOW + 300, NOW)).toBeUndefined();
  });

  it('a fault reaches an environment that has waited since before the fault expired', async () => {
    const { openAt } = await stored(FAULT);

    expect(openAt(NOW + 310, NOW + 299.999)).toEqual(FAULT);
    expect(openAt(NOW + 310, NOW + 300)).toBeUndefined();
  });

  it('an expired entry is a miss that is not reported, whatever it contains', async () => {
    const { openAt, onFault } = await stored(ACTIVE);

    expect(openAt(NOW + 300, NOW + 300, { sealed: 'x' })).toBeUndefined();
    expect(onFault).not.toHaveBeenCalled();
  });

  it('an item without a result is a miss that is not reported', async () => {
    const { entries, onFault } = environment();
    const entry = await entries.of('token');

    expect(entry.open({}, NOW)).toBeUndefined();
    expect(entry.open(entry.store(undefined), NOW)).toBeUndefined();
    expect(entry.open({ lease_id: 'a', ttl: NOW }, NOW)).toBeUndefined();
    expect(onFault).not.toHaveBeenCalled();
  });

  it.each<[string, Item]>([
    ['another expiry', { expires_at: NOW + 301 }],
    ['an expiry that is text', { expires_at: String(NOW + 300) }],
    ['an expired expiry that is text', { expires_at: '0' }],
    ['no expiry', { expires_at: undefined }],
    ['no sealed result', { sealed: undefined }],
    ['a sealed result that is text', { sealed: FACTS.jwt }],
    ['other bytes', { sealed: Buffer.alloc(64, 3) }],
  ])(
    'an entry with %s is a miss that is reported as not written by this deployment',
    async (_, it) => {
      const { openAt, onFault } = await stored(ACTIVE);

      expect(openAt(NOW, NOW, it)).toBeUndefined();
      expect(onFault.mock.calls).toEqual([
        ['open', new Error('the item was not written by this deployment')],
      ]);
    },
  );

  it('an entry whose phantom token is not to be used any more is a miss that is not reported', async () => {
    const { openAt, onFault, parse } = await stored(ACTIVE);
    parse.mockReturnValue(undefined);

    expect(openAt(NOW)).toBeUndefined();
    expect(onFault).not.toHaveBeenCalled();
  });

  it('an entry whose phantom token breaks a rule is a miss that is reported', async () => {
    const { openAt, onFault, parse } = await stored(ACTIVE);
    const fault = new Fault('introspection_response_invalid', 'x');
    parse.mockImplementation(() => {
      throw fault;
    });

    expect(openAt(NOW)).toBeUndefined();
    expect(onFault.mock.calls).toEqual([['open', fault]]);
  });

  it('a write ends the lease, and the item outlives every result by a minute', async () => {
    const { entries, time } = environment();
    time.now = NOW + 0.5;
    const entry = await entries.of('token');

    expect(entry.keep()).toEqual({ ttl: NOW + 361 });
    expect(entry.store(undefined)).toEqual({
      ...{ sealed: undefined, expires_at: undefined, lease_expires_at: undefined },
      ttl: NOW + 361,
    });
    expect(entry.store(ACTIVE)).toEqual({
      ...{ sealed: expect.any(Uint8Array), expires_at: NOW + 300, lease_expires_at: undefined },
      ttl: NOW + 361,
    });
  });
});

describe('the id of an entry', () => {
  const cacheKey = 'k'.repeat(32);
  const idIn = async (options: Options) => (await environment(options).entries.of('token')).id;

  it.each([
    ['another secret', { credentials: { ...CREDENTIALS, secret: 'r'.repeat(32) } }],
    ['another client', { credentials: { ...CREDENTIALS, clientId: 'other' } }],
    ['a cache key', { credentials: { ...CREDENTIALS, cacheKey } }],
    ['another configuration', { identity: ['other'] }],
  ])('the id of an entry differs for a deployment with %s', async (_, options) => {
    expect(await idIn(options)).not.toBe(await idIn({}));
  });

  it('the id of an entry stays the same under another secret with the same cache key', async () => {
    const [one, other] = ['one', 'other'].map((secret) =>
      idIn({ credentials: { ...CREDENTIALS, secret, cacheKey } }),
    );

    expect(await one).toBe(await other);
  });
});

describe('the report of a weak key', () => {
  const short: ClientCredentials = { ...CREDENTIALS, secret: 's'.repeat(31) };

  it.each([
    ['once for a client secret of 31 characters', short, 1, 1],
    ['never for a client secret of 31 characters if no result is cached', short, 0, 0],
    ['never for a client secret of 32 characters', CREDENTIALS, 1, 0],
    [
      'never for a short client secret with a cache key',
      { ...short, cacheKey: 'k'.repeat(32) },
      1,
      0,
    ],
  ])(
    'a weak key of the token cache is reported %s',
    async (...[, credentials, maxTtlSeconds, count]) => {
      const { entries, onWeakKey } = environment({ credentials, maxTtlSeconds });
      await entries.of('one');
      await entries.of('two');

      expect(onWeakKey).toHaveBeenCalledTimes(count);
    },
  );
});

describe('the invalidation of an entry', () => {
  it('an invalidation removes result and lease, and leaves its time in whole seconds', async () => {
    const { entries, update, time } = environment();
    time.now = NOW + 0.9;
    await entries.invalidate('token');

    const { id } = await entries.of('token');
    expect(update.mock.calls).toEqual([
      [
        id,
        {
          ...{ sealed: undefined, expires_at: undefined, lease_expires_at: undefined },
          ...{ lease_id: expect.any(String), invalidated_at: NOW, ttl: NOW + 361 },
        },
        { lease_id: undefined },
      ],
    ]);
  });

  it('an invalidation covers the entries of a secret that this environment has not read yet', async () => {
    const reread: ClientCredentials = { ...CREDENTIALS, secret: 'r'.repeat(32) };
    const { entries, update } = environment({ reread });
    await entries.invalidate('token');

    const ids = [environment(), environment({ credentials: reread })].map(
      async (it) => (await it.entries.of('token')).id,
    );
    expect(update.mock.calls.map(([id]: unknown[]) => id)).toEqual(await Promise.all(ids));
  });

  it('an invalidation writes an item as it was read, and reads it again if it has changed', async () => {
    const { entries, get, update } = environment();
    get.mockResolvedValueOnce({ lease_id: 'one' }).mockResolvedValueOnce({ lease_id: 'two' });
    update.mockResolvedValueOnce({ updated: false, item: undefined });
    await entries.invalidate('token');

    expect(get.mock.calls.map(([, options]: unknown[]) => options)).toEqual([
      { consistent: true },
      { consistent: true },
    ]);
    const written = update.mock.calls as unknown as [string, Item, Item][];
    expect(written.map(([, , expected]) => expected)).toEqual([
      { lease_id: 'one' },
      { lease_id: 'two' },
    ]);
    expect(new Set(written.map(([, changes]) => changes['lease_id'])).size).toBe(2);
  });

  it('an invalidation of an item that changes eight times meanwhile is a fault', async () => {
    const { entries, update } = environment();
    update.mockResolvedValue({ updated: false, item: undefined });

    const failure = entries.invalidate('token');

    await expect(failure).rejects.toEqual(
      faultWith('token_cache_unavailable', 'the token is not invalidated'),
    );
    await expect(failure).rejects.toHaveProperty(
      'cause',
      new Error('other environments changed the item 8 times meanwhile'),
    );
    expect(update).toHaveBeenCalledTimes(8);
  });

  it('an invalidation that the table does not take is a fault with the cause', async () => {
    const { entries, update } = environment();
    const cause = new Error('throttled');
    update.mockRejectedValue(cause);
    const failure = entries.invalidate('token');

    await expect(failure).rejects.toEqual(
      faultWith('token_cache_unavailable', 'the token is not invalidated'),
    );
    await expect(failure).rejects.toHaveProperty('cause', cause);
  });
});

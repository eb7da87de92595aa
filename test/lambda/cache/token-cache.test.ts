import type { CachedAnswer } from '../../../lambda/core/cache-lifetime';
import type { ClientCredentials } from '../../../lambda/core/client-credentials';
import { Fault } from '../../../lambda/core/errors';
import { readPhantomToken } from '../../../lambda/core/phantom-token';
import type { Turn } from '../../../lambda/core/ports';
import { createSealing } from '../../../lambda/core/sealed-entry';
import { createTokenCache, type TokenCacheOptions } from '../../../lambda/io/token-cache';
import { type DynamoTable, type StoredItem, startDynamoTable } from '../../support/dynamo-table';
import { faultWith } from '../../support/faults';
import { jws, NOW } from '../../support/tokens';

const FACTS = readPhantomToken(jws({ sub: 'alice', exp: NOW + 600 }));
const ANSWER: CachedAnswer = { facts: FACTS, expiresAt: NOW + 300 };
const INACTIVE: CachedAnswer = { invalid: 'token_inactive', expiresAt: NOW + 10 };
/** Of an active token, and not to be kept. */
const OVER: CachedAnswer = { facts: FACTS, expiresAt: NOW };
const OURS: ClientCredentials = { kind: 'secret', clientId: 'gateway', secret: 'secret' };

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
  const onFault = jest.fn();
  const cache = createTokenCache({
    table: table.connect(),
    identity: ['endpoint'],
    types: undefined,
    credentials: { get, reread: get },
    boundMs: 2000,
    shareIntrospections: false,
    shareInactive: false,
    waitMs: 3000,
    onFault,
    now: () => clock.now,
    ...options,
  });
  /** Our turn to introspect; fails if it is not. */
  const turn = async (accessToken = token) => {
    const found = await cache.find(accessToken);
    if (!('end' in found)) throw new Error('the token is cached');
    return found;
  };
  const put = async (answer: CachedAnswer = ANSWER, accessToken = token) =>
    (await turn(accessToken)).end(answer);
  const cached = async (accessToken = token) => {
    const found = await cache.find(accessToken);
    return 'end' in found ? undefined : found;
  };
  return { cache, get, onFault, turn, put, cached, clock };
}

const idOf = (accessToken = token) =>
  createSealing('secret', ['endpoint', 'gateway']).entryId(accessToken);
async function itemOf(accessToken = token): Promise<StoredItem> {
  const items = await table.items();
  const item = items.find(({ id }) => id?.S === idOf(accessToken));
  if (item === undefined) throw new Error('there is no such item');
  return item;
}
const slots = async () => (await table.items()).filter(({ id }) => id?.S?.startsWith('slot-'));

describe('an entry of the token cache', () => {
  it('is one item with the sealed facts, their end and the time DynamoDB may delete it', async () => {
    await environment().put();

    expect(await itemOf()).toEqual({
      id: { S: idOf() },
      sealed: { B: expect.any(Uint8Array) },
      expires_at: { N: String(NOW + 300) },
      ttl: { N: String(NOW + 360) },
    });
  });

  it('holds nothing of the token or JWT in clear', async () => {
    await environment().put();
    const item = await itemOf();
    const sealed = Buffer.from(item['sealed']?.B ?? []);
    const everything = [JSON.stringify(item), sealed.toString('latin1')].join();

    for (const part of [token, ...FACTS.jwt.split('.'), 'alice']) {
      expect(everything).not.toContain(part);
    }
  });

  it('gives the facts to other environments', async () => {
    await environment().put();

    expect(await environment().cached()).toEqual(ANSWER);
  });

  it('is gone at its end, although DynamoDB still has it, and without a complaint', async () => {
    await environment().put();
    const { cached, clock, onFault } = environment();

    clock.now = NOW + 299.999;
    expect(await cached()).toEqual(ANSWER);
    clock.now = NOW + 300;
    expect(await cached()).toBeUndefined();
    expect(onFault).not.toHaveBeenCalled();
  });

  it('is overwritten by the next answer', async () => {
    const { put, cached, clock } = environment();
    await put();
    clock.now = NOW + 300;
    await put({ ...ANSWER, expiresAt: NOW + 500 });

    expect(await cached()).toEqual({ ...ANSWER, expiresAt: NOW + 500 });
  });

  it('is not made of an answer that may not be kept, of an inactive or of an expired token', async () => {
    const { put, cached, clock } = environment();
    await put({ ...ANSWER, expiresAt: NOW });
    await put(INACTIVE);
    clock.now = NOW + 600;
    await put({ ...ANSWER, expiresAt: NOW + 610 });

    expect(await cached()).toBeUndefined();
    expect((await table.items()).map(({ id }) => id?.S)).not.toContain(idOf());
  });

  it.each<[string, (item: StoredItem) => StoredItem]>([
    ['a later end', () => ({ expires_at: { N: String(NOW + 301) } })],
    ['an end that is text', () => ({ expires_at: { S: String(NOW + 300) } })],
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
  ])('with %s counts as a miss, is told, and is overwritten', async (_, change) => {
    await environment().put();
    const item = await itemOf();
    await table.put({ ...item, ...change(item) });
    const { turn, cached, onFault } = environment();

    await (await turn()).end(ANSWER);
    expect(onFault).toHaveBeenCalledTimes(1);
    expect(onFault).toHaveBeenCalledWith('open', expect.any(Error));
    expect(await cached()).toEqual(ANSWER);
  });

  it.each([
    ['no end', 'expires_at'],
    ['no sealed facts', 'sealed'],
  ])('with %s counts as a miss, and is told', async (_, missing) => {
    await environment().put();
    const { [missing]: __, ...rest } = await itemOf();
    await table.put(rest as StoredItem);
    const { cached, onFault } = environment();

    expect(await cached()).toBeUndefined();
    expect(onFault).toHaveBeenCalledWith('open', expect.any(Error));
  });

  it('does not open in the place of another token', async () => {
    const { put, cached, onFault } = environment();
    await put(ANSWER, `${token}-other`);
    await table.put({ ...(await itemOf(`${token}-other`)), id: { S: idOf() } });

    expect(await cached()).toBeUndefined();
    expect(onFault).toHaveBeenCalledWith('open', expect.any(Error));
  });

  it('that was put back after it was replaced ends when it always would have', async () => {
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
  ])('is not even found by a deployment with %s', async (_, options, credentials) => {
    await environment().put();
    const other = environment(options, { credentials });

    expect(await other.cached()).toBeUndefined();
    expect(other.onFault).not.toHaveBeenCalled();
  });

  it('is found after a change of the secret where both name the same cache key', async () => {
    const cacheKey = 'k'.repeat(32);
    const [one, other] = ['one', 'other'].map((secret) =>
      environment({}, { credentials: { ...OURS, secret, cacheKey } }),
    );
    await one?.put();

    expect(await other?.cached()).toEqual(ANSWER);
  });

  it('is sealed with the secret that was read last, for others have that too', async () => {
    const { turn, get } = environment();
    const ours = await turn();
    get.mockResolvedValue({ ...OURS, secret: 'rotated' });
    await ours.end(ANSWER);

    const rotated = environment({}, { credentials: { ...OURS, secret: 'rotated' } });
    expect(await rotated.cached()).toEqual(ANSWER);
  });

  it('that is no phantom token by our rules any more is a miss', async () => {
    await environment().put();
    const strict = environment({ types: ['at+jwt'] });

    expect(await strict.cached()).toBeUndefined();
    expect(strict.onFault).toHaveBeenCalledWith('open', expect.any(Fault));
  });

  it('is forgotten when it is told to, and no other is', async () => {
    const { put, cache, cached } = environment();
    await put();
    await put(ANSWER, `${token}-other`);
    await cache.forget(token);

    expect(await cached()).toBeUndefined();
    expect(await cached(`${token}-other`)).toEqual(ANSWER);
  });
});

describe('the token cache', () => {
  it('cannot be asked without credentials', async () => {
    const { cache, get } = environment();
    get.mockRejectedValue(new Fault('credentials_invalid', 'x'));

    await expect(cache.find(token)).rejects.toEqual(faultWith('credentials_invalid'));
  });

  it('never fails to end a turn', async () => {
    const { turn, get, onFault } = environment();
    const ours = await turn();
    get.mockRejectedValue(new Fault('credentials_unavailable', 'x'));

    await ours.end(ANSWER);
    expect(onFault).toHaveBeenCalledWith('put', expect.any(Fault));
  });

  it('forgets aloud: whoever asks hears of a table that fails', async () => {
    const { cache } = environment({ table: table.connect(undefined, 'nowhere') });

    await expect(cache.forget(token)).rejects.toEqual(faultWith('token_cache_unavailable'));
  });
});

describe('environments that miss the same token at the same time', () => {
  const sharing = (options: Partial<TokenCacheOptions> = {}) =>
    environment({ shareIntrospections: true, ...options });

  it('leave its introspection to one of them', async () => {
    const environments = Array.from({ length: 50 }, () => sharing());
    let introspections = 0;

    const answers = await Promise.all(
      environments.map(async ({ cache }) => {
        const found = await cache.find(token);
        if (!('end' in found)) return found;
        introspections += 1;
        await new Promise((resolve) => setTimeout(resolve, 60));
        await found.end(ANSWER);
        return ANSWER;
      }),
    );

    expect(introspections).toBe(1);
    expect(answers).toEqual(environments.map(() => ANSWER));
    for (const { onFault } of environments) expect(onFault).not.toHaveBeenCalled();
  });

  it('introspect each for themselves where they are told to', async () => {
    const both = await Promise.all([environment().turn(), environment().turn()]);

    expect(both).toHaveLength(2);
    expect(await slots()).not.toContainEqual(expect.objectContaining({ holder: { S: idOf() } }));
  });

  it('do not wait for one that found the token inactive, or failed', async () => {
    for (const finish of [
      (ours: Turn) => ours.end(INACTIVE),
      (ours: Turn) => ours.end(OVER),
      (ours: Turn) => ours.abandon(),
    ]) {
      const first = await sharing().turn();
      const waiting = sharing().turn();
      await new Promise((resolve) => setTimeout(resolve, 50));
      const began = performance.now();
      await finish(first);

      await (await waiting).abandon();
      expect(performance.now() - began).toBeLessThan(2500);
    }
  });

  it('wait no longer than they may, and then introspect', async () => {
    await sharing().turn();
    const { cache } = sharing({ waitMs: 80 });
    const began = performance.now();

    expect(await cache.find(token)).toHaveProperty('end');
    expect(performance.now() - began).toBeGreaterThanOrEqual(79);
  });

  it('take over from one that died, when its time is up', async () => {
    const clock = { now: NOW };
    await environment({ shareIntrospections: true }, { clock }).turn();
    clock.now = NOW + 3;
    const { turn } = environment({ shareIntrospections: true }, { clock });
    const began = performance.now();
    await turn();

    expect(performance.now() - began).toBeLessThan(2900);
    expect(await slots()).toContainEqual(
      expect.objectContaining({
        holder: { S: idOf() },
        held_until: { N: String((NOW + 6) * 1000) },
      }),
    );
  });

  it('do not wait for the introspection of another token that has the same slot', async () => {
    const slotOf = (name: string) => Buffer.from(idOf(name), 'base64url').readUInt16BE() % 4096;
    const candidates = Array.from({ length: 100_000 }, (_, index) => `${token}-${index}`);
    const neighbour = candidates.find((name) => slotOf(name) === slotOf(token));
    await sharing().turn(neighbour);
    const began = performance.now();

    await (await sharing().turn()).end(ANSWER);
    expect(performance.now() - began).toBeLessThan(2900);
    expect(await slots()).toContainEqual(
      expect.objectContaining({ holder: { S: idOf(neighbour) } }),
    );
  });

  it('do not wait where a claim was forged to hold for ever', async () => {
    await sharing().turn();
    const [slot] = (await slots()).filter(({ holder }) => holder?.S === idOf());
    await table.put({ ...slot, held_until: { N: '99999999999999' } });

    expect(await sharing({ waitMs: 50 }).cache.find(token)).toHaveProperty('end');
  });

  it('introspect each for themselves where answers may not be kept', async () => {
    const [one, other] = [sharing(), sharing()];
    for (const { turn } of [one, other]) await (await turn(`${token}-before`)).end(OVER);
    const began = performance.now();

    await Promise.all([one.turn(), other.turn()]);
    expect(performance.now() - began).toBeLessThan(2900);
  });

  it('go on sharing good tokens although a bad one came, or an introspection failed', async () => {
    const { turn } = sharing();
    await (await turn(`${token}-bad`)).end(INACTIVE);
    await (await turn(`${token}-failed`)).abandon();
    await turn();

    expect(await slots()).toContainEqual(expect.objectContaining({ holder: { S: idOf() } }));
  });

  it('do not go back to sharing for a bad token where answers may not be kept', async () => {
    const { turn } = sharing();
    await (await turn(`${token}-good`)).end(OVER);
    await (await turn(`${token}-bad`)).end(INACTIVE);
    await turn();

    expect(await slots()).not.toContainEqual(expect.objectContaining({ holder: { S: idOf() } }));
  });

  it('wait for nobody when an answer that lived shortly is over', async () => {
    const clock = { now: NOW };
    const short = environment({ shareIntrospections: true }, { clock });
    await short.put({ ...ANSWER, expiresAt: NOW + 1 });
    clock.now = NOW + 1;
    const began = performance.now();
    await short.turn();

    expect(performance.now() - began).toBeLessThan(2500);
  });

  it('wait for nobody after the token was forgotten', async () => {
    const { put, cache, turn } = sharing();
    await put();
    await cache.forget(token);
    const began = performance.now();
    await turn();

    expect(performance.now() - began).toBeLessThan(2500);
  });

  it('do not wait for a claim that came too late and then for nothing', async () => {
    const table1 = table.connect();
    const late = sharing({
      boundMs: 1,
      table: {
        ...table1,
        async putUnlessHeld(...claim) {
          await new Promise((resolve) => setTimeout(resolve, 250));
          return table1.putUnlessHeld(...claim);
        },
      },
    });
    const ours = await late.turn();
    expect(late.onFault).toHaveBeenCalledWith('claim', expect.any(Error));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await ours.abandon();
    const began = performance.now();
    await sharing().turn();

    expect(performance.now() - began).toBeLessThan(2500);
  });

  it('leave a table alone that takes no writes, and go on reading it', async () => {
    const reading = table.connect();
    const refuse = jest.fn(async () => {
      throw new Error('no writes');
    });
    const { put, cached } = sharing({
      table: { get: reading.get, put: refuse, putUnlessHeld: refuse },
    });
    await environment().put(ANSWER, `${token}-other`);
    for (let i = 0; i < 5; i++) await put(ANSWER, `${token}-${i}`);

    expect(refuse).toHaveBeenCalledTimes(3);
    expect(await cached(`${token}-other`)).toEqual(ANSWER);
  });

  it('leave no more than 4096 claims behind, however many tokens come', async () => {
    const { put } = sharing();
    await put(INACTIVE);

    const [slot] = (await slots()).filter(({ holder }) => holder?.S === idOf());
    expect(Number(slot?.['id']?.S?.slice('slot-'.length))).toBeLessThan(4096);
    expect(slot).toMatchObject({
      held_until: { N: String(NOW * 1000) },
      ttl: { N: String(NOW + 60) },
    });
    expect(slot).not.toHaveProperty('sealed');
  });
});

describe('an inactive token in the token cache', () => {
  const remembering = (clock = { now: NOW }) => environment({ shareInactive: true }, { clock });

  it('is known to other environments until its end, where it is shared', async () => {
    await remembering().put(INACTIVE);
    const { cached, clock } = remembering();

    clock.now = NOW + 9.999;
    expect(await cached()).toEqual(INACTIVE);
    clock.now = NOW + 10;
    expect(await cached()).toBeUndefined();
  });

  it('stays unknown where it is not shared', async () => {
    await environment().put(INACTIVE);

    expect(await remembering().cached()).toBeUndefined();
  });

  it('lies among a bounded number of items, never in the place of an entry', async () => {
    await remembering().put(INACTIVE);
    const holders = (await table.items()).filter(({ holder }) => holder?.S === idOf());

    expect(holders.map(({ id }) => id?.S)).toEqual([expect.stringMatching(/^slot-\d{1,4}$/)]);
  });

  it('cannot be forged from an entry of an active one, nor the other way round', async () => {
    const { put, cached, onFault } = remembering();
    await put(INACTIVE);
    const [slot] = (await slots()).filter(({ holder }) => holder?.S === idOf());
    await table.put({ ...slot, id: { S: idOf() }, expires_at: { N: String(NOW + 10) } });
    await table.put({ id: slot?.['id'] ?? { S: '' } });

    expect(await cached()).toBeUndefined();
    expect(onFault).toHaveBeenCalledWith('open', expect.any(Error));
  });

  it('gives way to its facts when it becomes active', async () => {
    const { put, clock } = remembering();
    await put(INACTIVE);
    clock.now = NOW + 10;
    await put(ANSWER);

    expect(await remembering().cached()).toEqual(ANSWER);
  });

  it('is forgotten when it is told to', async () => {
    const { put, cache, cached } = remembering();
    await put(INACTIVE);
    await cache.forget(token);

    expect(await cached()).toBeUndefined();
  });
});

import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { ClientCredentials } from '../../../lambda/core/client-credentials';
import { Fault } from '../../../lambda/core/errors';
import { readPhantomToken } from '../../../lambda/core/phantom-token';
import { deploymentKey, entryKey, seal } from '../../../lambda/core/sealed-entry';
import { createTokenCache } from '../../../lambda/io/token-cache';
import { createTokenTable } from '../../../lambda/io/token-table';
import { faultWith } from '../../support/faults';
import { jws, NOW } from '../../support/tokens';

const dynamo = mockClient(DynamoDBClient);
const FACTS = readPhantomToken(jws({ sub: 'alice', exp: NOW + 600 }));
const EXPIRES_AT = NOW + 300;
const OURS = { kind: 'secret', clientId: 'gateway', secret: 'secret' } as const;

type Item = NonNullable<Awaited<ReturnType<typeof put>>>;

beforeEach(() => {
  dynamo.reset();
  dynamo.on(PutItemCommand).resolves({});
  dynamo.on(GetItemCommand).resolves({});
});

function create({ identity = ['endpoint'], credentials = OURS as ClientCredentials } = {}) {
  const get = jest.fn(async () => credentials);
  const onFault = jest.fn();
  const cache = createTokenCache({
    table: createTokenTable(new DynamoDBClient({ region: 'eu-central-1' }), 'tokens'),
    identity,
    types: undefined,
    credentials: { get, reread: get },
    onFault,
  });
  return { cache, get, onFault };
}

/** The item that the cache makes of an entry. */
async function put() {
  await create().cache.put('id', 'token', FACTS, EXPIRES_AT);
  return dynamo.commandCalls(PutItemCommand)[0]?.args[0].input.Item;
}
async function stored(change: (item: Item) => object = () => ({})): Promise<void> {
  const item = await put();
  if (item === undefined) throw new Error('nothing was put');
  const changed = Object.entries({ ...item, ...change(item) }).filter(([, value]) => value);
  dynamo.on(GetItemCommand).resolves({ Item: Object.fromEntries(changed) });
}

describe('createTokenCache', () => {
  it('puts one item with the entry, its end and the time DynamoDB may delete it', async () => {
    const item = await put();

    expect(item).toEqual({
      id: { S: 'id' },
      sealed: { B: expect.any(Uint8Array) },
      expires_at: { N: String(EXPIRES_AT) },
      ttl: { N: String(EXPIRES_AT + 60) },
    });
    expect(dynamo.commandCalls(PutItemCommand, { TableName: 'tokens' })).toHaveLength(1);
  });

  it('puts nothing of the token or JWT in clear', async () => {
    const item = await put();
    const everything = [
      JSON.stringify(item),
      Buffer.from(item?.['sealed']?.B ?? []).toString('latin1'),
    ].join();

    for (const part of ['token', ...FACTS.jwt.split('.'), 'alice']) {
      expect(everything).not.toContain(part);
    }
  });

  it('gets the facts back under the same id and token', async () => {
    await stored();

    expect(await create().cache.get('id', 'token')).toEqual({
      facts: FACTS,
      expiresAt: EXPIRES_AT,
    });
    expect(
      dynamo.commandCalls(GetItemCommand, { TableName: 'tokens', Key: { id: { S: 'id' } } }),
    ).toHaveLength(1);
  });

  it('gets nothing, without a complaint, where nothing is', async () => {
    const { cache, onFault } = create();

    expect(await cache.get('id', 'token')).toBeUndefined();
    expect(onFault).not.toHaveBeenCalled();
  });

  it.each([
    ['a later end', () => ({ expires_at: { N: String(EXPIRES_AT + 1) } })],
    ['no end', () => ({ expires_at: undefined })],
    ['an end that is text', () => ({ expires_at: { S: String(EXPIRES_AT) } })],
    ['no entry', () => ({ sealed: undefined })],
    ['an empty entry', () => ({ sealed: { B: new Uint8Array() } })],
    ['an entry that is text', () => ({ sealed: { S: FACTS.jwt } })],
    ['the JWT unsealed', () => ({ sealed: { B: Buffer.from(FACTS.jwt) } })],
    [
      'a changed entry',
      (item: Item) => {
        const sealed = Buffer.from(item['sealed']?.B ?? []);
        sealed[20] = (sealed[20] ?? 0) ^ 1;
        return { sealed: { B: sealed } };
      },
    ],
  ])('takes an item with %s for none, and says so', async (_, change) => {
    await stored(change);
    const { cache, onFault } = create();

    expect(await cache.get('id', 'token')).toBeUndefined();
    expect(onFault).toHaveBeenCalledWith('open', expect.any(Error));
  });

  it.each([
    ['of another id', 'other', 'token', {}],
    ['of another token', 'id', 'other', {}],
    ['of another secret', 'id', 'token', { credentials: { ...OURS, secret: 'other' } }],
    ['of another client', 'id', 'token', { credentials: { ...OURS, clientId: 'other' } }],
    ['of another endpoint', 'id', 'token', { identity: ['other'] }],
  ])('does not open an item %s', async (_, id, accessToken, other) => {
    await stored();
    const { cache, onFault } = create(other);

    expect(await cache.get(id, accessToken)).toBeUndefined();
    expect(onFault).toHaveBeenCalledTimes(1);
  });

  it('takes an entry of ours that is no phantom token any more for none', async () => {
    const key = entryKey(deploymentKey(OURS.secret), ['endpoint', OURS.clientId], 'token');
    const sealed = seal(jws({ active: true }), key, { id: 'id', expiresAt: EXPIRES_AT });
    await stored(() => ({ sealed: { B: sealed } }));
    const { cache, onFault } = create();

    expect(await cache.get('id', 'token')).toBeUndefined();
    expect(onFault).toHaveBeenCalledWith('open', expect.any(Fault));
  });

  it('goes on without a table that fails, reading or writing', async () => {
    const error = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    dynamo.on(GetItemCommand).rejects(error);
    dynamo.on(PutItemCommand).rejects(error);
    const { cache, onFault } = create();

    expect(await cache.get('id', 'token')).toBeUndefined();
    await cache.put('id', 'token', FACTS, EXPIRES_AT);

    expect(onFault.mock.calls).toEqual([
      ['get', error],
      ['put', error],
    ]);
  });

  it('fails to get without credentials, also where the table fails too', async () => {
    const { cache, get } = create();
    get.mockRejectedValue(new Fault('credentials_invalid', 'x'));

    await expect(cache.get('id', 'token')).rejects.toEqual(faultWith('credentials_invalid'));
    dynamo.on(GetItemCommand).rejects(new Error('slow down'));
    await expect(cache.get('id', 'token')).rejects.toEqual(faultWith('credentials_invalid'));
  });

  it('never fails to put', async () => {
    const { cache, get, onFault } = create();
    get.mockRejectedValue(new Fault('credentials_unavailable', 'x'));

    await cache.put('id', 'token', FACTS, EXPIRES_AT);

    expect(onFault).toHaveBeenCalledWith('put', expect.any(Fault));
    expect(dynamo.commandCalls(PutItemCommand)).toHaveLength(0);
  });
});

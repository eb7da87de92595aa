import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import * as sdk from '../../../bench/sdk/token-table';
import { createDynamoDb } from '../../../lambda/io/aws/services';
import { createTokenTable, type Item, type TokenTable } from '../../../lambda/io/token-table';
import { type DynamoTable, startDynamoTable } from '../../support/dynamo-table';
import { type Answer, type StubServer, startStubServer } from '../../support/stub-server';

const ITEM: Item = {
  id: 'one',
  sealed: Buffer.from([0, 1, 127, 128, 255]),
  expires_at: 1_800_000_300,
  ttl: 1_800_000_360,
};
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
const region = 'eu-central-1';
let deployed: DynamoTable;
let stub: StubServer;

beforeAll(async () => {
  deployed = await startDynamoTable();
  stub = await startStubServer('/', () => undefined);
});
beforeEach(() => {
  stub.requests.length = 0;
});
afterAll(async () => {
  await Promise.all([stub.close(), deployed.close()]);
});

/** Both must be alike: ours, and the one on the SDK's client that ours is measured against. */
const implementations: [string, (endpoint: string, table?: string) => TokenTable][] = [
  [
    'ours',
    (endpoint, table = deployed.name) => {
      const environment = {
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: 'any',
        AWS_SECRET_ACCESS_KEY: 'any',
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      };
      return createTokenTable(createDynamoDb(environment), table);
    },
  ],
  [
    'the SDK’s',
    (endpoint, table = deployed.name) =>
      sdk.createTokenTable(
        new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 2 }),
        table,
      ),
  ],
];

describe.each(implementations)('the token table on a client that is %s', (_, create) => {
  it('gets what it put, and puts over it', async () => {
    const table = create(deployed.url);
    await table.put(ITEM);
    expect(await table.get('one')).toEqual(ITEM);

    await table.put({ id: 'one', expires_at: 0, holder: 'ä\n"' });
    expect(await table.get('one')).toEqual({ id: 'one', expires_at: 0, holder: 'ä\n"' });
  });

  it('gets nothing where nothing is', async () => {
    expect(await create(deployed.url).get('none')).toBeUndefined();
  });

  it('puts unless held: first, never over a holder, again from the end on', async () => {
    const table = create(deployed.url);
    const id = `held ${Math.random()}`;
    const first = { id, holder: 'first', held_until: 2000 };

    expect(await table.putUnlessHeld(first, 'a', 1000)).toBe(true);
    expect(await table.putUnlessHeld({ ...first, holder: 'second' }, 'b', 1999)).toBe(false);
    expect(await table.get(id)).toEqual({ ...first, claim: 'a' });
    expect(await table.putUnlessHeld({ ...first, holder: 'third' }, 'c', 2000)).toBe(true);
    expect(await table.get(id)).toMatchObject({ holder: 'third' });
  });

  it('puts unless held over an item that names no holder', async () => {
    const table = create(deployed.url);
    const id = `free ${Math.random()}`;
    await table.put({ id, expires_at: 1 });

    expect(await table.putUnlessHeld({ id, held_until: 2000 }, 'a', 1000)).toBe(true);
    expect(await table.get(id)).toEqual({ id, held_until: 2000, claim: 'a' });
  });

  it('puts over what an attempt of the same claim put, whose answer was lost', async () => {
    const table = create(deployed.url);
    const item = { id: `claimed ${Math.random()}`, held_until: 2000 };

    expect(await table.putUnlessHeld(item, 'a', 1000)).toBe(true);
    expect(await table.putUnlessHeld(item, 'a', 1000)).toBe(true);
    expect(await table.putUnlessHeld(item, 'b', 1000)).toBe(false);
  });

  it('leaves out attributes of kinds that it does not write', async () => {
    answerOnce((response) => {
      const Item = { id: { S: '' }, list: { L: [] }, flag: { BOOL: true }, none: { NULL: true } };
      response.end(JSON.stringify({ Item }));
    });

    expect(await create(stub.url.href).get('x')).toEqual({ id: '' });
  });

  it.each([
    ['get', (table: TokenTable) => table.get('one')],
    ['put', (table: TokenTable) => table.put(ITEM)],
    ['putUnlessHeld', (table: TokenTable) => table.putUnlessHeld(ITEM, 'a', 0)],
  ])('%s throws what DynamoDB answers, by its name', async (__, act) => {
    await expect(act(create(deployed.url, 'another'))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringContaining('Requested resource not found'),
    });
  });

  it('tries once more when throttled', async () => {
    const __type = 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException';
    answerOnce((response) => void response.writeHead(400).end(JSON.stringify({ __type })));

    expect(await create(stub.url.href).get('x')).toBeUndefined();
    expect(stub.requests).toHaveLength(2);
  });

  it('signs its requests for DynamoDB and the region', async () => {
    answerOnce((response) => void response.end('{}'));
    await create(stub.url.href).get('x');

    expect(stub.requests[0]?.headers).toMatchObject({
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      'content-type': 'application/x-amz-json-1.0',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=any\/\d{8}\/eu-central-1\/dynamodb\/aws4_request, /,
      ),
    });
  });
});

/** Answers so the first time, with no item after it. */
function answerOnce(first: Answer): void {
  stub.answer((response, request) => {
    stub.answer((next) => void next.end('{}'));
    return first(response, request);
  });
}

describe('what the token table asks DynamoDB for', () => {
  /** What the SDK's client is told, by the names and types that AWS gives it. */
  const client = new DynamoDBClient({ region });
  const told = mockClient(client);
  const ofSdk = () => sdk.createTokenTable(client, 'tokens');
  const ofOurs = () => {
    const [, create] = implementations[0] as (typeof implementations)[number];
    return create(stub.url.href, 'tokens');
  };

  beforeEach(() => {
    told.reset();
    told.on(GetItemCommand).resolves({}).on(PutItemCommand).resolves({});
    stub.answer((response) => {
      response.end('{}');
    });
  });

  it.each<[string, (table: TokenTable) => Promise<unknown>]>([
    ['a get', (table) => table.get('one')],
    ['a put', (table) => table.put(ITEM)],
    ['a put unless held', (table) => table.putUnlessHeld(ITEM, 'a', 1_800_000_000_123)],
  ])('is for %s just what the SDK would ask', async (_, act) => {
    await act(ofSdk());
    await act(ofOurs());

    const input = told.calls()[0]?.args[0].input;
    const bytesInBase64 = (_key: string, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
    // A Buffer turns itself into something else before the replacer sees it.
    const { sealed } = (input as { Item?: { sealed?: { B?: unknown } } }).Item ?? {};
    if (sealed?.B) sealed.B = Uint8Array.from(sealed.B as Buffer);
    expect(JSON.parse(stub.requests[0]?.body ?? '')).toEqual(
      JSON.parse(JSON.stringify(input, bytesInBase64)),
    );
  });
});

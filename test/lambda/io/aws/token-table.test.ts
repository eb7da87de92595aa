import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import * as sdk from '../../../../bench/sdk/token-table';
import { createDynamoDb } from '../../../../lambda/io/aws/services';
import {
  createTokenTable,
  type Item,
  type TokenTable,
} from '../../../../lambda/io/aws/token-table';
import { type DynamoTable, startDynamoTable } from '../../../support/dynamo-table';
import { type Answer, type StubServer, startStubServer } from '../../../support/stub-server';

const CHANGES: Item = {
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
    'our',
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

describe.each(implementations)('the token table on %s client', (client, create) => {
  const newId = () => `item ${Math.random()}`;

  it(`the token table on ${client} client reads what it wrote, and changes only the attributes that are named`, async () => {
    const table = create(deployed.url);
    const id = newId();
    await table.update(id, CHANGES);
    expect(await table.get(id)).toEqual({ id, ...CHANGES });

    await table.update(id, { sealed: undefined, expires_at: 0, other: 'ä\n"' });
    expect(await table.get(id, { consistent: true })).toEqual({
      id,
      expires_at: 0,
      ttl: CHANGES['ttl'],
      other: 'ä\n"',
    });
  });

  it(`the token table on ${client} client reads nothing if there is no item`, async () => {
    expect(await create(deployed.url).get('none')).toBeUndefined();
  });

  it(`the token table on ${client} client updates an item only while the expected attributes are unchanged or absent`, async () => {
    const table = create(deployed.url);
    const id = newId();
    const absent = { lease_id: undefined, expires_at: undefined };

    expect(await table.update(id, { lease_id: 'a', expires_at: 7 }, absent)).toEqual({
      updated: true,
    });
    expect(await table.update(id, { lease_id: 'b' }, absent)).toMatchObject({ updated: false });
    const old = { lease_id: 'a', expires_at: 6 };
    expect(await table.update(id, { lease_id: 'b' }, old)).toMatchObject({ updated: false });
    expect(await table.get(id)).toEqual({ id, lease_id: 'a', expires_at: 7 });
    const current = { lease_id: 'a', expires_at: 7 };
    expect(await table.update(id, { lease_id: 'b' }, current)).toEqual({ updated: true });
  });

  it(`the token table on ${client} client repeats an update whose response was lost`, async () => {
    const table = create(deployed.url);
    const id = newId();
    const expected = { lease_id: undefined };

    expect(await table.update(id, { lease_id: 'a', n: 1 }, expected)).toEqual({ updated: true });
    expect(await table.update(id, { lease_id: 'a', n: 1 }, expected)).toEqual({ updated: true });
    expect(await table.update(id, { lease_id: 'b', n: 1 }, expected)).toMatchObject({
      updated: false,
    });
  });

  it.each([
    [
      'the item that failed a condition',
      { Item: { id: { S: 'x' }, n: { N: '1' } } },
      { id: 'x', n: 1 },
    ],
    ['no item where DynamoDB returned none', {}, undefined],
  ])(`the token table on ${client} client returns %s`, async (__, body, item) => {
    const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
    answerOnce((response) => void response.writeHead(400).end(JSON.stringify({ __type, ...body })));

    expect(await create(stub.url.href).update('x', CHANGES, { lease_id: 'a' })).toEqual({
      updated: false,
      item,
    });
  });

  it(`the token table on ${client} client leaves out attributes of kinds that it does not write`, async () => {
    answerOnce((response) => {
      const Item = { id: { S: '' }, list: { L: [] }, flag: { BOOL: true }, none: { NULL: true } };
      response.end(JSON.stringify({ Item }));
    });

    expect(await create(stub.url.href).get('x')).toEqual({ id: '' });
  });

  it.each([
    ['get', (table: TokenTable) => table.get('one')],
    ['update', (table: TokenTable) => table.update('one', CHANGES)],
  ])(
    `the token table on ${client} client throws the error of DynamoDB by its name: %s`,
    async (__, act) => {
      await expect(act(create(deployed.url, 'another'))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: expect.stringContaining('Requested resource not found'),
      });
    },
  );

  it(`the token table on ${client} client repeats a request once when throttled`, async () => {
    const __type = 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException';
    answerOnce((response) => void response.writeHead(400).end(JSON.stringify({ __type })));

    expect(await create(stub.url.href).get('x')).toBeUndefined();
    expect(stub.requests).toHaveLength(2);
  });

  it(`the token table on ${client} client signs its requests for DynamoDB and the region`, async () => {
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

describe('requests of the token table to DynamoDB', () => {
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
    told.on(GetItemCommand).resolves({}).on(UpdateItemCommand).resolves({});
    stub.answer((response) => {
      response.end('{}');
    });
  });

  it.each<[string, (table: TokenTable) => Promise<unknown>]>([
    ['a get', (table) => table.get('one')],
    ['a consistent get', (table) => table.get('one', { consistent: true })],
    ['an update', (table) => table.update('one', { ...CHANGES, lease_expires_at: undefined })],
    [
      'a conditional update',
      (table) => table.update('one', { lease_id: 'b' }, { lease_id: 'a', expires_at: undefined }),
    ],
    ['an update that repeats no lease', (table) => table.update('one', CHANGES, { lease_id: 'a' })],
  ])('the token table sends the request of the SDK for %s', async (_, act) => {
    await act(ofSdk());
    await act(ofOurs());

    const input = told.calls()[0]?.args[0].input;
    const bytesInBase64 = (_key: string, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
    // A Buffer turns itself into something else before the replacer sees it.
    type Values = { ExpressionAttributeValues?: { ':sealed'?: { B?: unknown } } };
    const sealed = (input as Values).ExpressionAttributeValues?.[':sealed'];
    if (sealed?.B) sealed.B = Uint8Array.from(sealed.B as Buffer);
    expect(JSON.parse(stub.requests[0]?.body ?? '')).toEqual(
      JSON.parse(JSON.stringify(input, bytesInBase64)),
    );
  });
});

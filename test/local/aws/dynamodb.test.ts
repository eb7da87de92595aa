import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createEnvironmentAccessKeyId } from '../../../local/aws/access-key';
import { type DynamoDb, startDynamoDb } from '../../../local/aws/dynamodb';
import type { AwsCall } from '../../../local/aws/operation-observer';

const properties = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const table = (more: object = {}, type = 'AWS::DynamoDB::Table') => ({
  logicalId: 'Tokens',
  type,
  properties: { ...properties, ...more },
});
const clientOf = (dynamoDb: DynamoDb, more: object = {}) =>
  new DynamoDBClient({
    endpoint: dynamoDb.endpoint.href,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    ...more,
  });

let dynamoDb: DynamoDb;
beforeEach(async () => {
  dynamoDb = await startDynamoDb();
});
afterEach(() => dynamoDb.close());

describe('embedded DynamoDB', () => {
  it.each([
    ['a table', table()],
    [
      'a table with every property without a local effect',
      table({
        TableName: 'tokens',
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        SSESpecification: { SSEEnabled: true },
        DeletionProtectionEnabled: true,
        Tags: [{ Key: 'team', Value: 'orders' }],
      }),
    ],
    [
      'a global table of one region',
      table(
        { Replicas: [{ Region: 'eu-central-1', DeletionProtectionEnabled: false }] },
        'AWS::DynamoDB::GlobalTable',
      ),
    ],
    [
      'a table with provisioned capacity, an index and a stream',
      table({
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'owner', AttributeType: 'S' },
        ],
        BillingMode: undefined,
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
        GlobalSecondaryIndexes: [
          {
            IndexName: 'owners',
            KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
            ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
          },
        ],
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      }),
    ],
  ])('stores items in %s and counts operations', async (_, resource) => {
    await dynamoDb.createTable(resource, 'tokens');
    const client = clientOf(dynamoDb);
    const Item = { id: { S: 'one' }, expires: { N: '1' } };

    await client.send(new PutItemCommand({ TableName: 'tokens', Item }));
    const read = { TableName: 'tokens', Key: { id: { S: 'one' } } };
    const first = await client.send(new GetItemCommand(read));
    await client.send(new GetItemCommand(read));
    client.destroy();

    expect(first.Item).toEqual(Item);
    expect(dynamoDb.operations()).toMatchObject({ PutItem: 1, GetItem: 2 });
    expect(dynamoDb.operations()).not.toHaveProperty('UpdateItem');
  });

  it.each([
    ['an unknown property', table({ Colour: 'red' }), 'Colour'],
    ['an unknown billing mode', table({ BillingMode: 'FREE' }), 'BillingMode'],
    [
      'a second region',
      table({ Replicas: [{ Region: 'a' }, { Region: 'b' }] }, 'AWS::DynamoDB::GlobalTable'),
      'Replicas',
    ],
  ])('names the unsupported property: %s', async (_, resource, name) => {
    await expect(dynamoDb.createTable(resource, 'tokens')).rejects.toThrow(
      new RegExp(`Tokens \\(${resource.type}\\): .*${name}`),
    );
  });

  it('counts and deletes the items of all tables', async () => {
    await dynamoDb.createTable(table(), 'tokens');
    const client = clientOf(dynamoDb);
    for (const id of ['one', 'two']) {
      await client.send(new PutItemCommand({ TableName: 'tokens', Item: { id: { S: id } } }));
    }
    client.destroy();

    expect(await dynamoDb.countItems()).toBe(2);
    expect(await dynamoDb.deleteItems()).toBe(2);
    expect(await dynamoDb.countItems()).toBe(0);
  });

  it('fails every request of a function during an outage, and none after it', async () => {
    await dynamoDb.createTable(table(), 'tokens');
    const client = clientOf(dynamoDb, { maxAttempts: 1 });
    const read = new GetItemCommand({ TableName: 'tokens', Key: { id: { S: 'one' } } });
    dynamoDb.outage.begin();

    await expect(client.send(read)).rejects.toMatchObject({
      name: 'InternalServerError',
      $metadata: { httpStatusCode: 500 },
    });
    expect(await dynamoDb.countItems()).toBe(0);
    dynamoDb.outage.end();
    expect((await client.send(read)).Item).toBeUndefined();
    client.destroy();
  });

  it('reports each call of a function, and none of local mode or another client', async () => {
    const calls: AwsCall[] = [];
    const observed = await startDynamoDb((call) => calls.push(call));
    await observed.createTable(table(), 'tokens');
    const accessKeyId = createEnvironmentAccessKeyId();
    const environment = { accessKeyId, secretAccessKey: 'any' };
    const clients = [clientOf(observed, { credentials: environment }), clientOf(observed)];
    for (const client of clients) {
      await client.send(new GetItemCommand({ TableName: 'tokens', Key: { id: { S: 'one' } } }));
      client.destroy();
    }
    await observed.countItems();
    await observed.close();

    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      operation: 'GetItem',
      accessKeyId,
      status: 200,
      bodies: { request: expect.stringContaining('"one"'), response: '{}' },
    });
  });

  it('embedded DynamoDB closes while a client keeps its connection alive', async () => {
    await dynamoDb.createTable(table(), 'tokens');
    const client = clientOf(dynamoDb);
    const read = new GetItemCommand({ TableName: 'tokens', Key: { id: { S: 'one' } } });
    await client.send(read);

    await dynamoDb.close();

    await expect(client.send(read)).rejects.toThrow('ECONNREFUSED');
    client.destroy();
  });
});

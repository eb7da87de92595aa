import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { createDynamoDb } from '../../lambda/io/aws/services';
import { createTokenTable, type TokenTable } from '../../lambda/io/aws/token-table';
import { listening, stopped } from './stub-server';

export type StoredItem = Record<string, AttributeValue>;

/** DynamoDB table on loopback with the key of the token cache. */
export interface DynamoTable {
  readonly url: string;
  readonly name: string;
  /** Returns a client of the table for one execution environment. */
  connect(url?: string, name?: string): TokenTable;
  items(): Promise<StoredItem[]>;
  put(item: StoredItem): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'tokens';

export async function startDynamoTable(): Promise<DynamoTable> {
  const server = dynalite({ createTableMs: 0 });
  const url = await listening(server);
  const keys = { accessKeyId: 'any', secretAccessKey: 'any' };
  const own = new DynamoDBClient({ endpoint: url, region: 'eu-central-1', credentials: keys });
  const environment = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  await own.send(
    new CreateTableCommand({
      TableName: NAME,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  return {
    url,
    name: NAME,
    connect: (AWS_ENDPOINT_URL = url, name = NAME) =>
      createTokenTable(createDynamoDb({ ...environment, AWS_ENDPOINT_URL }), name),
    items: async () => (await own.send(new ScanCommand({ TableName: NAME }))).Items ?? [],
    async put(item) {
      await own.send(new PutItemCommand({ TableName: NAME, Item: item }));
    },
    async close() {
      own.destroy();
      await stopped(server);
    },
  };
}

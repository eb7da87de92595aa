import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { createTokenTable, type TokenTable } from '../../lambda/io/token-table';
import { listening, stopped } from './stub-server';

export type StoredItem = Record<string, AttributeValue>;

/** A DynamoDB table on loopback, with the token cache's key. */
export interface DynamoTable {
  readonly url: string;
  readonly name: string;
  /** The table, as one execution environment sees it. */
  connect(url?: string, name?: string): TokenTable;
  items(): Promise<StoredItem[]>;
  put(item: StoredItem): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'tokens';

export async function startDynamoTable(): Promise<DynamoTable> {
  const server = dynalite({ createTableMs: 0 });
  const url = await listening(server);
  const clients: DynamoDBClient[] = [];
  const createClient = (endpoint: string) => {
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    const client = new DynamoDBClient({
      endpoint,
      region: 'eu-central-1',
      credentials,
      maxAttempts: 1,
    });
    clients.push(client);
    return client;
  };
  const own = createClient(url);
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
    connect: (endpoint = url, name = NAME) => createTokenTable(createClient(endpoint), name),
    items: async () => (await own.send(new ScanCommand({ TableName: NAME }))).Items ?? [],
    async put(item) {
      await own.send(new PutItemCommand({ TableName: NAME, Item: item }));
    },
    async close() {
      for (const client of clients) client.destroy();
      await stopped(server);
    },
  };
}

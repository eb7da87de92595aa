import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { listen } from '../http-server';
import type { Resource } from '../template/unsupported';
import { createDynaliteServer } from './dynalite-server';
import { countOperations, type OperationCounts } from './operation-counter';
import { type AwsCall, observeOperations } from './operation-observer';
import { createOutage, type Outage } from './outage';
import { readTable } from './table';
import { countItems, deleteItems, type Table } from './table-items';

// On Node.js 20 the SDK warns about its future versions. Users of local mode cannot act on that.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Access key id of local mode's own requests. */
const OPERATOR = 'operator';

/** Embedded DynamoDB, in memory. */
export interface DynamoDb {
  readonly endpoint: URL;
  /**
   * Creates the table that the template describes, and waits until it is active.
   *
   * @throws UnsupportedTemplateError naming an unsupported property.
   */
  createTable(resource: Resource, tableName: string): Promise<void>;
  /** Returns the number of requests by operation. */
  operations(): OperationCounts;
  /** Outage of the service, as far as functions see it. */
  readonly outage: Outage;
  /** Returns the number of items in all tables. */
  countItems(): Promise<number>;
  /** Deletes the items of all tables and returns their number. */
  deleteItems(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Starts an embedded DynamoDB on a free loopback port. It accepts any credentials.
 *
 * @param onCall receives each call of a function with its response. Default: no observation.
 */
export async function startDynamoDb(onCall?: (call: AwsCall) => void): Promise<DynamoDb> {
  const { server, close } = createDynaliteServer();
  const outage = createOutage(server, ({ headers }) =>
    String(headers.authorization).includes(`Credential=${OPERATOR}/`),
  );
  const operations = countOperations(server);
  if (onCall) observeOperations(server, onCall, { bodies: true });
  const endpoint = await listen(server);
  const tables: Table[] = [];

  async function withClient<T>(work: (client: DynamoDBClient) => Promise<T>): Promise<T> {
    const client = new DynamoDBClient({
      endpoint: endpoint.href,
      region: 'local',
      credentials: { accessKeyId: OPERATOR, secretAccessKey: 'local' },
    });
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  }

  const sum = (count: (client: DynamoDBClient, table: Table) => Promise<number>) =>
    withClient(async (client) => {
      const counts = await Promise.all(tables.map((table) => count(client, table)));
      return counts.reduce((total, one) => total + one, 0);
    });

  return {
    endpoint,
    operations,
    outage,
    countItems: () => sum(countItems),
    deleteItems: () => sum(deleteItems),
    async createTable(resource, tableName) {
      const input = readTable(resource, tableName);
      await withClient(async (client) => {
        await client.send(new CreateTableCommand(input));
        const waiterConfig = { client, maxWaitTime: 5, minDelay: 1 };
        await waitUntilTableExists(waiterConfig, { TableName: tableName });
      });
      const key = (input.KeySchema ?? []).map(({ AttributeName }) => String(AttributeName));
      tables.push({ name: tableName, key });
    },
    close,
  };
}

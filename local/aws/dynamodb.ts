import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { close, listen } from '../http-server';
import type { Resource } from '../template/unsupported';
import { countOperations, type OperationCounts } from './operation-counter';
import { readTable } from './table';

// On Node.js 20 the SDK warns about its future versions. Users of local mode cannot act on that.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

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
  close(): Promise<void>;
}

/** Starts an embedded DynamoDB on a free loopback port. It accepts any credentials. */
export async function startDynamoDb(): Promise<DynamoDb> {
  const server = dynalite({ createTableMs: 0 });
  const operations = countOperations(server);
  const endpoint = await listen(server);
  return {
    endpoint,
    operations,
    async createTable(resource, tableName) {
      const input = readTable(resource, tableName);
      const client = new DynamoDBClient({
        endpoint: endpoint.href,
        region: 'local',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      });
      try {
        await client.send(new CreateTableCommand(input));
        const waiterConfig = { client, maxWaitTime: 5, minDelay: 1 };
        await waitUntilTableExists(waiterConfig, { TableName: tableName });
      } finally {
        client.destroy();
      }
    },
    close: () => close(server),
  };
}

import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { close, listen } from '../http-server';
import type { Resource } from '../template/unsupported';
import { countOperations, type OperationCounts } from './operation-counter';
import { readTable } from './table';

// The SDK warns, on Node.js 20, of its own future versions: nothing a user of local mode can act on.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** An embedded DynamoDB: in memory, empty at the start, gone at the end. */
export interface DynamoDb {
  readonly endpoint: URL;
  /**
   * Makes the table that the template describes; it can be used at once.
   *
   * @throws UnsupportedTemplateError when the template asks for something that is not imitated.
   */
  createTable(resource: Resource, tableName: string): Promise<void>;
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

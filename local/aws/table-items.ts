import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';

/** Table of the embedded DynamoDB. */
export interface Table {
  readonly name: string;
  /** Names of the key attributes. */
  readonly key: readonly string[];
}

type Key = Record<string, AttributeValue>;

/** Returns the keys of all items of a table. */
async function itemKeys(client: DynamoDBClient, { name, key }: Table): Promise<readonly Key[]> {
  const keys: Key[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: name })) {
    for (const item of Items) {
      keys.push(
        Object.fromEntries(key.flatMap((part) => (item[part] ? [[part, item[part]]] : []))),
      );
    }
  }
  return keys;
}

/** Returns the number of items of a table. */
export async function countItems(client: DynamoDBClient, { name }: Table): Promise<number> {
  let total = 0;
  for await (const { Count = 0 } of paginateScan(
    { client },
    { TableName: name, Select: 'COUNT' },
  )) {
    total += Count;
  }
  return total;
}

/** Deletes all items of a table and returns their number. */
export async function deleteItems(client: DynamoDBClient, table: Table): Promise<number> {
  const keys = await itemKeys(client, table);
  const commands = keys.map((Key) => new DeleteItemCommand({ TableName: table.name, Key }));
  await Promise.all(commands.map((command) => client.send(command)));
  return keys.length;
}

import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { TokenCacheAttribute as Attribute } from '../../lambda/contract';
import type { Item, TokenTable } from '../../lambda/io/aws/token-table';

/** The token cache's table on the SDK's client: what `lambda/io/aws/token-table.ts` is measured and tested against. */
export function createTokenTable(client: DynamoDBClient, tableName: string): TokenTable {
  const key = (id: string) => ({ TableName: tableName, Key: { [Attribute.id]: { S: id } } });

  return {
    async get(id, options) {
      const input = options?.consistent ? { ...key(id), ConsistentRead: true } : key(id);
      const { Item } = await client.send(new GetItemCommand(input));
      return Item && fromAttributes(Item);
    },
    async update(id, changes, expected) {
      const input: UpdateItemCommandInput = {
        ...key(id),
        UpdateExpression: updateExpression(changes),
        ExpressionAttributeNames: names({ ...changes, ...expected }),
        ExpressionAttributeValues: {
          ...values(changes, ':'),
          ...values(expected ?? {}, ':expected_'),
        },
        ...(expected && {
          ConditionExpression: condition(changes, expected),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      };
      try {
        await client.send(new UpdateItemCommand(input));
        return { updated: true };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { updated: false, item: error.Item && fromAttributes(error.Item) };
      }
    },
  };
}

function updateExpression(changes: Item): string {
  const set: string[] = [];
  const removed: string[] = [];
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) removed.push(`#${name}`);
    else set.push(`#${name} = :${name}`);
  }
  const remove = removed.length > 0 ? ` REMOVE ${removed.join(', ')}` : '';
  return `SET ${set.join(', ')}${remove}`;
}

function condition(changes: Item, expected: Item): string {
  const unchanged = Object.entries(expected).map(([name, value]) =>
    value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :expected_${name}`,
  );
  const repeated = Attribute.leaseId in changes ? ' OR #lease_id = :lease_id' : '';
  return `(${unchanged.join(' AND ')})${repeated}`;
}

function names(item: Item): Record<string, string> {
  return Object.fromEntries(Object.keys(item).map((name) => [`#${name}`, name]));
}

function values(item: Item, prefix: string): Record<string, AttributeValue> {
  const attributes = Object.entries(item).flatMap(([name, value]): [string, AttributeValue][] => {
    if (value === undefined) return [];
    if (typeof value === 'string') return [[prefix + name, { S: value }]];
    const attribute = typeof value === 'number' ? { N: String(value) } : { B: value };
    return [[prefix + name, attribute]];
  });
  return Object.fromEntries(attributes);
}

/** Attributes of other kinds are not ours and left out. */
function fromAttributes(attributes: Readonly<Record<string, AttributeValue>>): Item {
  const item = Object.entries(attributes).flatMap(([name, { S, N, B }]) => {
    const value = S ?? B ?? (N === undefined ? undefined : Number(N));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(item);
}

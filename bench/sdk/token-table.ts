import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { TokenCacheAttribute as Attribute } from '../../lambda/contract';
import type { Item, TokenTable } from '../../lambda/io/token-table';

/** The token cache's table on the SDK's client: what `lambda/io/token-table.ts` is measured and tested against. */
export function createTokenTable(client: DynamoDBClient, tableName: string): TokenTable {
  const parameters = { TableName: tableName };

  return {
    async get(id) {
      const Key = { [Attribute.id]: { S: id } };
      const { Item } = await client.send(new GetItemCommand({ ...parameters, Key }));
      return Item && fromAttributes(Item);
    },
    async put(item) {
      await client.send(new PutItemCommand({ ...parameters, Item: toAttributes(item) }));
    },
    async putUnlessHeld(item, claim, now) {
      try {
        await client.send(
          new PutItemCommand({
            ...parameters,
            Item: toAttributes({ ...item, [Attribute.claim]: claim }),
            ConditionExpression: 'attribute_not_exists(#held) OR #held <= :now OR #claim = :claim',
            ExpressionAttributeNames: { '#held': Attribute.heldUntil, '#claim': Attribute.claim },
            ExpressionAttributeValues: { ':now': { N: String(now) }, ':claim': { S: claim } },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

function toAttributes(item: Item): Record<string, AttributeValue> {
  const attributes = Object.entries(item).map(([name, value]): [string, AttributeValue] => {
    if (typeof value === 'string') return [name, { S: value }];
    return [name, typeof value === 'number' ? { N: String(value) } : { B: value }];
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

import { TokenCacheAttribute as Attribute } from '../contract';
import type { JsonObject } from '../core/json';
import type { AwsClient } from './aws/client';
import { AwsError } from './aws/errors';

/** An item as we write it: strings, numbers and bytes, by attribute. */
export type Item = Readonly<Record<string, string | number | Uint8Array>>;

/** The three operations on the DynamoDB table that the token cache takes. Each throws what DynamoDB answers. */
export interface TokenTable {
  /** The item with this id; read eventually consistently, at half the price. */
  get(id: string): Promise<Item | undefined>;
  put(item: Item): Promise<void>;
  /**
   * Puts the item unless one with its id is still held, that is, names a later `held_until` than `now`
   * (epoch milliseconds). One that bears this claim does not count: an attempt whose answer got lost may
   * be repeated.
   *
   * @returns whether it was put.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
   */
  putUnlessHeld(item: Item, claim: string, now: number): Promise<boolean>;
}

export function createTokenTable(dynamoDb: AwsClient, tableName: string): TokenTable {
  const parameters = { TableName: tableName };

  return {
    async get(id) {
      const Key = { [Attribute.id]: { S: id } };
      const { Item: attributes } = await dynamoDb('GetItem', { ...parameters, Key });
      return attributes === undefined ? undefined : fromAttributes(attributes);
    },
    async put(item) {
      await dynamoDb('PutItem', { ...parameters, Item: toAttributes(item) });
    },
    async putUnlessHeld(item, claim, now) {
      try {
        await dynamoDb('PutItem', {
          ...parameters,
          Item: toAttributes({ ...item, [Attribute.claim]: claim }),
          ConditionExpression: 'attribute_not_exists(#held) OR #held <= :now OR #claim = :claim',
          ExpressionAttributeNames: { '#held': Attribute.heldUntil, '#claim': Attribute.claim },
          ExpressionAttributeValues: { ':now': { N: String(now) }, ':claim': { S: claim } },
        });
        return true;
      } catch (error) {
        if (error instanceof AwsError && error.name === 'ConditionalCheckFailedException')
          return false;
        throw error;
      }
    },
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
function toAttributes(item: Item): JsonObject {
  const attributes = Object.entries(item).map(([name, value]) => {
    if (typeof value === 'string') return [name, { S: value }];
    if (typeof value === 'number') return [name, { N: String(value) }];
    return [name, { B: Buffer.from(value).toString('base64') }];
  });
  return Object.fromEntries(attributes);
}

/** Attributes of other kinds are not ours and left out. */
function fromAttributes(attributes: unknown): Item {
  const item = Object.entries(attributes ?? {}).flatMap(([name, { S, N, B }]) => {
    const value = S ?? (B === undefined ? B : Buffer.from(B, 'base64'));
    const number = N === undefined ? undefined : Number(N);
    return value === undefined && number === undefined ? [] : [[name, value ?? number] as const];
  });
  return Object.fromEntries(item) as Item;
}

import { TokenCacheAttribute as Attribute } from '../../contract';
import type { JsonObject } from '../../core/json';
import type { AwsClient } from './client';
import { AwsError } from './errors';

type Value = string | number | Uint8Array;

/** Attributes of an item by name; `undefined` for one that is absent or to be removed. */
export type Item = Readonly<Record<string, Value | undefined>>;

/** Outcome of a conditional update; the item is there if DynamoDB returned it. */
export type UpdateResult =
  | { readonly updated: true }
  | { readonly updated: false; readonly item: Item | undefined };

/** The DynamoDB table of the token cache. Both operations throw the errors of DynamoDB. */
export interface TokenTable {
  /** Reads an item, eventually consistent (at half the price) unless asked otherwise. */
  get(id: string, options?: { readonly consistent: boolean }): Promise<Item | undefined>;
  /**
   * Changes some attributes of an item, or creates it.
   *
   * @param expected attributes that must be as given, or the item stays as it is. An item that already
   * has the new `lease_id` passes: it was changed by an attempt of the same update whose response got
   * lost.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
   */
  update(id: string, changes: Item, expected?: Item): Promise<UpdateResult>;
}

export function createTokenTable(dynamoDb: AwsClient, tableName: string): TokenTable {
  const key = (id: string) => ({ TableName: tableName, Key: { [Attribute.id]: { S: id } } });

  return {
    async get(id, { consistent } = { consistent: false }) {
      const input = { ...key(id), ...(consistent && { ConsistentRead: true }) };
      const { Item: attributes } = await dynamoDb('GetItem', input);
      return attributes ? fromAttributes(attributes) : undefined;
    },
    async update(id, changes, expected) {
      try {
        await dynamoDb('UpdateItem', { ...key(id), ...updateExpressions(changes, expected) });
        return { updated: true };
      } catch (error) {
        const isConflict =
          error instanceof AwsError && error.name === 'ConditionalCheckFailedException';
        if (!isConflict) throw error;
        return { updated: false, item: error.item && fromAttributes(error.item) };
      }
    },
  };
}

/**
 * Writes an update as expressions. Each attribute has placeholders made of its own name.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
 */
function updateExpressions(changes: Item, expected: Item = {}): JsonObject {
  const set = Object.keys(changes).filter((name) => changes[name] !== undefined);
  const removed = Object.keys(changes).filter((name) => changes[name] === undefined);
  const conditions = Object.entries(expected).map(([name, value]) =>
    value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :expected_${name}`,
  );
  const repeated = set.includes(Attribute.leaseId)
    ? ` OR #${Attribute.leaseId} = :${Attribute.leaseId}`
    : '';
  const names = Object.keys({ ...changes, ...expected }).map((name) => [`#${name}`, name]);
  const values = [
    ...Object.entries(changes).map(([name, value]) => [`:${name}`, value]),
    ...Object.entries(expected).map(([name, value]) => [`:expected_${name}`, value]),
  ];
  const clauses = [
    ...(set.length > 0 ? [`SET ${set.map((name) => `#${name} = :${name}`).join(', ')}`] : []),
    ...(removed.length > 0 ? [`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`] : []),
  ];
  return {
    UpdateExpression: clauses.join(' '),
    ...(conditions.length > 0 && {
      ConditionExpression: `(${conditions.join(' AND ')})${repeated}`,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
    ExpressionAttributeNames: Object.fromEntries(names),
    ExpressionAttributeValues: toAttributes(Object.fromEntries(values)),
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
function toAttributes(item: Item): JsonObject {
  const present = Object.entries(item).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, toAttribute(value as Value)]));
}

function toAttribute(value: Value): JsonObject {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  return { B: Buffer.from(value).toString('base64') };
}

/** Attributes of other types are not ours and left out. */
function fromAttributes(attributes: object): Item {
  const item: Record<string, Value> = {};
  for (const [name, { S, N, B }] of Object.entries(attributes)) {
    if (S !== undefined) item[name] = S;
    else if (B !== undefined) item[name] = Buffer.from(B, 'base64');
    else if (N !== undefined) item[name] = Number(N);
  }
  return item;
}

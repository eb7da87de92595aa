import type { Server } from 'node:http';
import { createJsonServer } from './json-server';

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/**
 * As much of DynamoDB as the token cache uses, in a Map. It answers as fast as Node.js can, for where its
 * own time would stand in the way: filling caches, loads, cold starts.
 */
export function createQuickDynamoDb(): Server {
  const items = new Map<string, Item>();
  return createJsonServer((operation, input) => {
    const request = JSON.parse(input);
    if (operation === 'GetItem') {
      const item = items.get(request.Key.id.S);
      return { status: 200, body: item === undefined ? {} : { Item: item } };
    }
    const held = items.get(request.Item.id.S);
    if (request.ConditionExpression !== undefined && isHeld(held, request)) {
      const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
      return {
        status: 400,
        body: { __type, message: 'The conditional request failed', Item: held },
      };
    }
    items.set(request.Item.id.S, request.Item);
    return { status: 200, body: {} };
  });
}

/** The one condition that the token cache sets: `attribute_not_exists(#held) OR #held <= :now`. */
function isHeld(
  item: Item | undefined,
  request: {
    readonly ExpressionAttributeNames: Readonly<Record<string, string>>;
    readonly ExpressionAttributeValues: Readonly<Record<string, { readonly N: string }>>;
  },
): boolean {
  const [name = ''] = Object.values(request.ExpressionAttributeNames);
  const [now] = Object.values(request.ExpressionAttributeValues);
  const until = item?.[name]?.N;
  return until !== undefined && Number(until) > Number(now?.N);
}

import type { RequestListener } from 'node:http';
import { createJsonServer } from './json-server';

type Attribute = { readonly S?: string; readonly N?: string; readonly B?: string };
type Item = Readonly<Record<string, Attribute>>;

interface UpdateItem {
  readonly Key: { readonly id: { readonly S: string } };
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues: Item;
}

/**
 * Creates a server with the operations of DynamoDB that the token cache uses, on a Map. It is for
 * measurements that DynamoDB's own time would distort: filling caches, loads, cold starts.
 */
export function createQuickDynamoDb(): RequestListener {
  const items = new Map<string, Item>();
  return createJsonServer((operation, input) => {
    const request = JSON.parse(input);
    const id = request.Key.id.S;
    const item = items.get(id);
    if (operation === 'GetItem') return { status: 200, body: item ? { Item: item } : {} };
    if (!meetsCondition(item, request)) {
      const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
      const message = 'The conditional request failed';
      return { status: 400, body: { __type, message, ...(item && { Item: item }) } };
    }
    items.set(id, updated(item, request));
    return { status: 200, body: {} };
  });
}

/** Placeholders bear the names of their attributes. */
function updated(item: Item | undefined, { Key, ...request }: UpdateItem): Item {
  const { UpdateExpression: expression, ExpressionAttributeValues: values } = request;
  const [set = '', removed = ''] = expression.replace('SET ', '').split(' REMOVE ');
  const next: Record<string, Attribute> = { ...item, ...Key };
  for (const [, name = ''] of set.matchAll(/#(\w+) =/g)) next[name] = values[`:${name}`] ?? {};
  for (const [, name = ''] of removed.matchAll(/#(\w+)/g)) delete next[name];
  return next;
}

/** Conditions are of the form `(a AND b) OR c`. */
function meetsCondition(item: Item = {}, request: UpdateItem): boolean {
  const { ConditionExpression: condition, ExpressionAttributeValues: values } = request;
  if (condition === undefined) return true;
  const holds = (term: string) => {
    const [, absent] = /^attribute_not_exists\(#(\w+)\)$/.exec(term) ?? [];
    if (absent !== undefined) return item[absent] === undefined;
    const [, name = '', value = ''] = /^#(\w+) = (:\w+)$/.exec(term) ?? [];
    return JSON.stringify(item[name]) === JSON.stringify(values[value]);
  };
  const [unchanged = '', ...repeated] = condition.replace(/^\(/, '').split(/\) OR |\)$/);
  return unchanged.split(' AND ').every(holds) || repeated.filter(Boolean).some(holds);
}

import type { Server } from 'node:http';

/** Number of requests by operation of an AWS API, for example `{ GetItem: 2, PutItem: 1 }`. */
export type OperationCounts = Readonly<Record<string, number>>;

/**
 * Counts the requests to an AWS API with a JSON protocol, whose header names the operation:
 * `X-Amz-Target: DynamoDB_20120810.GetItem`.
 *
 * @returns a function that returns the counts so far.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function countOperations(server: Server): () => OperationCounts {
  const counts = new Map<string, number>();
  server.on('request', ({ headers }) => {
    const [, operation] = String(headers['x-amz-target']).split('.');
    if (operation) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  });
  return () => Object.fromEntries(counts);
}

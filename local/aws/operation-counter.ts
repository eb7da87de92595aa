import type { Server } from 'node:http';

/** How often each operation of an AWS API was called, by its name: `{ GetItem: 2, PutItem: 1 }`. */
export type OperationCounts = Readonly<Record<string, number>>;

/**
 * Counts the operations of an AWS API that speaks a JSON protocol, in which a header names the
 * operation: `X-Amz-Target: DynamoDB_20120810.GetItem`.
 *
 * @returns what was counted so far, each time it is called.
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

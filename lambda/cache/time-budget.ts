import { COLD_START_TIMEOUT_MS } from '../io/aws/table-circuit-breaker';

/**
 * Longest time that the initialization waits for other systems, in milliseconds. The first request of an
 * environment waits for it.
 */
export const PREPARATION_TIMEOUT_MS = 1000;

/**
 * Time in which a request must be decided, in milliseconds: API Gateway's limit of 10 s for authorizers of
 * HTTP APIs, minus the preparation, which reads the secret, and half a second for loading the code and for
 * the network.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const TIME_TO_DECIDE_MS = 10_000 - PREPARATION_TIMEOUT_MS - 500;

/**
 * Returns how long a lease lasts, and how long a request waits for the leases of others: always so that
 * there is time left to introspect.
 *
 * @param introspectionMs the longest that an introspection can take, in milliseconds.
 * @param tableTimeoutMs the timeout of an operation on the table, in milliseconds.
 */
export function timeBudget(introspectionMs: number, tableTimeoutMs: number) {
  const operationMs = Math.max(tableTimeoutMs, COLD_START_TIMEOUT_MS);
  // After the wait, at worst: a read that began before its end, acquire, a read if that failed, and store.
  const leftMs = TIME_TO_DECIDE_MS - introspectionMs - 4 * operationMs;
  // Acquire and store, around the introspection.
  return { leaseMs: introspectionMs + 2 * operationMs, waitMs: Math.max(0, leftMs) };
}

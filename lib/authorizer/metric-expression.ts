import type { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';

/** Options of a metric that is calculated from other metrics. */
export interface ExpressionOptions {
  /**
   * Period of every metric in the expression.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;
  /**
   * Label in a graph.
   *
   * @default - a label that names the result
   */
  readonly label?: string;
}

/**
 * Formula for the hits of the memory cache: invocations − errors − decisions other than 401. A 401 is
 * both an error and a decision, so it is added once. Data points of one request can be in different
 * periods, so the result is limited to zero or more.
 */
export const MEMORY_HITS =
  'IF(invocations + unauthorized > errors + decisions, ' +
  'invocations + unauthorized - errors - decisions, 0)';

/** Formula for invocations that crashed or timed out: errors that are neither 401s nor faults. */
export const CRASHES = 'IF(errors > unauthorized + faults, errors - unauthorized - faults, 0)';

/**
 * Formula for the requests that reached the authorizer. A fault is logged at the end of an invocation, which
 * can be in a later period than its start.
 */
export const REQUESTS = '(IF(invocations > faults, invocations, faults) + throttles)';

/** Returns a metric that is calculated by a formula. A term without data in a period counts as zero. */
export function expression(
  formula: string,
  usingMetrics: Record<string, IMetric>,
  options: ExpressionOptions,
): MathExpression {
  return new MathExpression({
    ...options,
    expression: formula.replace(/\b[a-z]\w*/g, (term) => `FILL(${term}, 0)`),
    usingMetrics,
  });
}

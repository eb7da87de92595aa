import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { SHORT, WARNING } from './alarm-window';

/** Minimum number of failures in the short window. The long window has no minimum. */
const MINIMUM_FAILURES = 3;

/** Minimum number of introspections or operations in a period, so that a single slow one is no alarm. */
const MINIMUM_SAMPLE = 20;

/**
 * Returns the percentage, or 0 for too few failures: at a low rate, one is a large share. It has no data for
 * a period with too few requests.
 */
export function ofEnoughRequests(percent: IMetric, requests: IMetric): IMetric {
  return new MathExpression({
    // The product is 100 for each failure. A division by zero has no data.
    expression: `IF(percent * requests >= ${100 * MINIMUM_FAILURES - 50}, percent, 0) / (requests >= ${MINIMUM_FAILURES})`,
    usingMetrics: { percent, requests },
    period: SHORT.period,
  });
}

/** Returns the metric, or 0 for a period with too few samples. */
export function withMinimumSample(value: IMetric, samples: IMetric): IMetric {
  return new MathExpression({
    expression: `IF(samples >= ${MINIMUM_SAMPLE}, value, 0)`,
    usingMetrics: { value, samples },
    period: WARNING.period,
  });
}

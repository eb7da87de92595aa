import type { Duration } from 'aws-cdk-lib';
import {
  type IMetric,
  MathExpression,
  type Metric,
  type MetricOptions,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';

/** API with the metrics of API Gateway: a `RestApi` or an `HttpApi` of the CDK. */
export interface IMonitoredApi extends IConstruct {
  /** Returns the number of requests. */
  metricCount(options?: MetricOptions): Metric;
  /** Returns the number of responses with status 4xx. */
  metricClientError(options?: MetricOptions): Metric;
  /** Returns the number of responses with status 5xx. */
  metricServerError(options?: MetricOptions): Metric;
  /** Returns the time between request and response, in milliseconds. */
  metricLatency(options?: MetricOptions): Metric;
  /** Returns the time that the upstream API takes, in milliseconds. */
  metricIntegrationLatency(options?: MetricOptions): Metric;
}

/**
 * Returns the percentage of requests that API Gateway responded to with a 5xx, whatever its cause.
 * It has no data for a period without requests.
 */
export function serverErrorPercent(api: IMonitoredApi, period: Duration): IMetric {
  return new MathExpression({
    label: `5xx of ${api.node.id}`,
    expression: '100 * FILL(serverErrors, 0) / requests',
    usingMetrics: {
      serverErrors: api.metricServerError({ statistic: 'Sum' }),
      requests: api.metricCount(),
    },
    period,
  });
}

/** Returns the number of requests of several APIs. */
export function totalRequests(apis: readonly IMonitoredApi[]): IMetric | undefined {
  const metrics = apis.map((api) => api.metricCount());
  const [first, ...others] = metrics;
  if (first === undefined || others.length === 0) return first;
  return new MathExpression({
    expression: metrics.map((_, index) => `FILL(requests${index}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`requests${index}`, metric])),
  });
}

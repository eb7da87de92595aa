import { METRIC_NAMESPACE, Metric, MetricDimension } from '../../contract';

/** Values of metrics, by name; several values of one count each. */
export type MetricValues = Readonly<Record<string, number | readonly number[]>>;

/** Dimensions that metrics have beside the function's name. The log line has them as fields. */
const OWN_DIMENSIONS: Readonly<Record<string, readonly string[]>> = {
  [Metric.decisions]: [MetricDimension.outcome, MetricDimension.source],
  [Metric.faults]: [MetricDimension.code],
};

/** Units of the metrics that do not count. */
const UNITS: Readonly<Record<string, string>> = {
  [Metric.introspectionLatency]: 'Milliseconds',
  [Metric.signingKeyAge]: 'Seconds',
};

/** The metric format takes at most so many values of one metric. */
const MAX_VALUES = 100;

/**
 * Makes a log line one that CloudWatch takes metrics from: they cost no line of their own, nor a call.
 *
 * @param now epoch seconds.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(values: MetricValues, now: number): Record<string, unknown> {
  const bounded = Object.entries(values).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.slice(0, MAX_VALUES) : value,
  ]);
  const directives = Object.keys(values).map((name) => ({
    Namespace: METRIC_NAMESPACE,
    Dimensions: [
      [MetricDimension.functionName],
      ...(OWN_DIMENSIONS[name] ?? []).map((own) => [MetricDimension.functionName, own]),
    ],
    Metrics: [{ Name: name, Unit: UNITS[name] ?? 'Count' }],
  }));
  return {
    ...Object.fromEntries(bounded),
    _aws: { Timestamp: Math.round(now * 1000), CloudWatchMetrics: directives },
  };
}

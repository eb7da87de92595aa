import { METRIC_NAMESPACE, Metric, MetricDimension } from '../../contract';

/** Values of metrics, by name; several values of one count each. */
export type MetricValues = Readonly<Record<string, number | readonly number[]>>;

/** Dimensions of metrics in addition to the function's name. The log line has them as fields. */
const OWN_DIMENSIONS: Readonly<Record<string, readonly string[]>> = {
  [Metric.decisions]: [MetricDimension.outcome, MetricDimension.source],
  [Metric.faults]: [MetricDimension.code],
  [Metric.daysToExpiry]: [MetricDimension.material],
};

/** Names of all fields that are dimensions. */
export const DIMENSIONS: readonly string[] = Object.values(MetricDimension);

/** Units of metrics that are not counts. */
const UNITS: Readonly<Record<string, string>> = {
  [Metric.introspectionLatency]: 'Milliseconds',
  [Metric.signingKeyAgeDays]: 'None',
  [Metric.secretAgeDays]: 'None',
  [Metric.daysToExpiry]: 'None',
};

/** Maximum number of values of one metric on a line. */
const MAX_VALUES = 100;

/**
 * Returns the fields that make CloudWatch take metrics from a log line, without a line or a call of their
 * own. Values that exceed a line are in the fields of further lines.
 *
 * @param now epoch seconds.
 * @returns the fields of one or more lines; none if there are no values.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(
  values: MetricValues,
  now: number,
): [Record<string, unknown>, ...Record<string, unknown>[]] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [{}];
  const line: Record<string, unknown> = {};
  const excess: Record<string, readonly number[]> = {};
  for (const [name, value] of entries) {
    const isExcessive = typeof value === 'object' && value.length > MAX_VALUES;
    line[name] = isExcessive ? value.slice(0, MAX_VALUES) : value;
    if (isExcessive) excess[name] = value.slice(MAX_VALUES);
  }
  const directives = entries.map(([name]) => ({
    Namespace: METRIC_NAMESPACE,
    Dimensions: [
      [MetricDimension.functionName],
      ...(OWN_DIMENSIONS[name] ?? []).map((own) => [MetricDimension.functionName, own]),
    ],
    Metrics: [{ Name: name, Unit: UNITS[name] ?? 'Count' }],
  }));
  line['_aws'] = { Timestamp: Math.round(now * 1000), CloudWatchMetrics: directives };
  const further = Object.keys(excess).length > 0 ? embeddedMetrics(excess, now) : [];
  return [line, ...further];
}

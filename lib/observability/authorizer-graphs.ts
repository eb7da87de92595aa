import { type GraphWidgetProps, type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE, MetricDimension, Metric as Name } from '../../lambda/contract';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import { Outcome } from '../authorizer/decision-metric-options';
import type { PhantomTokenAlarms } from './phantom-token-alarms';

const PERCENT = { leftYAxis: { min: 0, max: 100, label: '%', showUnits: false } };
/** Left axis of a latency. */
export const MILLISECONDS = { leftYAxis: { min: 0, label: 'ms', showUnits: false } };
/** Left axis of a number. */
export const COUNT = { leftYAxis: { min: 0, showUnits: false } };

/** Returns the graph of what happened to each request that reached the authorizer. */
export function outcomes(authorizer: AuthorizerFunction): GraphWidgetProps {
  const decisions = (outcome: Outcome, label: string) =>
    authorizer.metricDecisions({ outcome, label });
  return {
    title: 'Requests by outcome',
    stacked: true,
    left: [
      // First, since a metric loses its label if an expression before it uses the same metric.
      // https://github.com/aws/aws-cdk/issues/12032
      decisions(Outcome.UNAUTHORIZED, '401 unauthorized'),
      decisions(Outcome.ALLOW, 'allowed (other sources)'),
      decisions(Outcome.FORBIDDEN, '403 forbidden'),
      authorizer.metricFaults({ label: 'faults' }),
      authorizer.lambdaFunction.metricThrottles({ label: 'throttled' }),
      authorizer.metricMemoryHits({ label: 'allowed (memory cache)' }),
      authorizer.metricCrashes(),
    ],
    ...COUNT,
  };
}

/** Returns the graph of the error rate, with the threshold of its alarm. */
export function errorRate(
  authorizer: AuthorizerFunction,
  serverErrors: readonly IMetric[],
  alarms?: PhantomTokenAlarms,
): GraphWidgetProps {
  return {
    title: 'Error rate',
    left: [authorizer.metricErrorRate(), ...serverErrors],
    leftAnnotations: alarms && [alarms.errorRate.toAnnotation()],
    ...PERCENT,
  };
}

/** Returns the graph of the hit ratio of each cache. */
export function hitRatios(authorizer: AuthorizerFunction, requests?: IMetric): GraphWidgetProps {
  return {
    title: 'Hit ratio by cache',
    left: [
      ...(requests ? [servedByGateway(authorizer, requests)] : []),
      authorizer.metricMemoryHitPercent(),
      authorizer.metricTokenCacheHitPercent(),
    ],
    ...PERCENT,
  };
}

/**
 * Returns the percentage of requests that did not reach the authorizer: mostly hits of the result cache,
 * but also requests without a token and requests of public routes. Invocations that Lambda throttled are
 * not among them.
 */
function servedByGateway({ lambdaFunction }: AuthorizerFunction, requests: IMetric): IMetric {
  const reached = '(FILL(invocations, 0) + FILL(throttles, 0))';
  return new MathExpression({
    label: 'served by API Gateway',
    expression: `IF(requests > ${reached}, 100 * (requests - ${reached}) / requests, 0)`,
    usingMetrics: {
      requests,
      invocations: lambdaFunction.metricInvocations(),
      throttles: lambdaFunction.metricThrottles(),
    },
  });
}

/** Returns the graph of the latency of introspections, with the timeout and the threshold of the alarm. */
export function introspectionLatency(
  authorizer: AuthorizerFunction,
  alarms?: PhantomTokenAlarms,
): GraphWidgetProps {
  const percentile = (statistic: string) =>
    authorizer.metricIntrospectionLatency({ statistic, label: statistic });
  return {
    title: 'Introspection latency',
    left: ['p50', 'p90', 'p99', 'Maximum'].map(percentile),
    right: [authorizer.metricIntrospectionsSkipped({ label: 'not sent (circuit open)' })],
    leftAnnotations: [
      { value: authorizer.introspectionTimeout.toMilliseconds(), label: 'timeout' },
      ...(alarms ? [alarms.introspectionLatency.toAnnotation()] : []),
    ],
    ...MILLISECONDS,
    rightYAxis: { min: 0, showUnits: false },
  };
}

/** Returns the graph of the faults of each code that occurred. */
export function faults(authorizer: AuthorizerFunction): GraphWidgetProps {
  return { title: 'Faults by code', stacked: true, left: [faultsByCode(authorizer)], ...COUNT };
}

/** Returns the graph of concurrency and throttles. */
export function throttles({ lambdaFunction: handler }: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Concurrency and throttles',
    left: [
      handler.metric('ConcurrentExecutions', {
        statistic: 'Maximum',
        label: 'concurrent executions',
      }),
      handler.metricThrottles({ label: 'throttled' }),
    ],
    ...COUNT,
  };
}

/** Returns the graph of cold starts and of the duration of invocations. */
export function coldStarts(authorizer: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Cold starts and invocation duration',
    left: [authorizer.metricColdStarts({ label: 'cold starts' })],
    right: [authorizer.lambdaFunction.metricDuration({ statistic: 'p99', label: 'duration p99' })],
    leftYAxis: { min: 0, showUnits: false },
    rightYAxis: { min: 0, label: 'ms', showUnits: false },
  };
}

/** Returns the graph of what the authorizer depends on in AWS: the token cache and the secret. */
export function tokenCache(authorizer: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Token cache faults and credential rereads',
    left: [
      authorizer.metricTokenCacheFaults({ label: 'token cache faults' }),
      authorizer.metricCredentialRereads({ label: 'credential rereads' }),
      authorizer.metricSecretReadFailures({ label: 'secret read failures' }),
    ],
    ...COUNT,
  };
}

/** Returns the graph of the secret's age and of the days until certificates expire. */
export function ages(authorizer: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Age of the secret and days to expiry',
    left: [
      authorizer.metricSecretAge({ label: 'age of the secret' }),
      authorizer.metricDaysToExpiry({ label: 'first certificate to expire' }),
    ],
    leftYAxis: { min: 0, label: 'days', showUnits: false },
  };
}

/**
 * Returns the number of faults for each code that occurred. Names of the schema are quoted, as CloudWatch
 * requires of names with special characters.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
function faultsByCode({ lambdaFunction: { functionName } }: AuthorizerFunction): IMetric {
  const { functionName: functionDimension, code: codeDimension } = MetricDimension;
  const names = [METRIC_NAMESPACE, functionDimension, codeDimension].map((name) => `"${name}"`);
  const terms = `MetricName="${Name.faults}" ${functionDimension}="${functionName}"`;
  return new MathExpression({
    expression: `SEARCH('{${names.join(',')}} ${terms}', 'Sum', 300)`,
    label: `\${PROP('Dim.${codeDimension}')}`,
  });
}

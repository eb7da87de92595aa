import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE, MetricDimension, Metric as Name } from '../../lambda/contract';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import { Outcome } from '../authorizer/authorizer-metrics';
import type { PhantomTokenAlarms } from './phantom-token-alarms';

/** Props of the dashboard. */
export interface PhantomTokenDashboardProps {
  /** Authorizer function to show. */
  readonly authorizerFunction: AuthorizerFunction;

  /**
   * Number of requests of the APIs, such as `api.metricCount()`. API Gateway has no metric for its result
   * cache. The dashboard shows the requests that did not reach the authorizer instead.
   *
   * @default - the share of API Gateway is not shown
   */
  readonly requests?: IMetric;

  /**
   * Alarms to show in the first row.
   *
   * @default - no alarms are shown
   */
  readonly alarms?: PhantomTokenAlarms;

  /**
   * Name of the dashboard, unique in the account.
   *
   * @default - a name that CloudFormation generates
   */
  readonly dashboardName?: string;
}

/** Width of the dashboard's grid, in columns. */
const WIDTH = 24;
const PERCENT = { leftYAxis: { min: 0, max: 100, label: '%', showUnits: false } };
const MILLISECONDS = { leftYAxis: { min: 0, label: 'ms', showUnits: false } };
const COUNT = { leftYAxis: { min: 0, showUnits: false } };

/** Dashboard with alarms, outcomes, cache hit ratios, introspection latency and faults. */
export class PhantomTokenDashboard extends Dashboard {
  constructor(scope: Construct, id: string, props: PhantomTokenDashboardProps) {
    const { authorizerFunction, requests, alarms, dashboardName } = props;
    super(scope, id, { dashboardName, defaultInterval: Duration.hours(3) });
    if (alarms) {
      this.addWidgets(
        new AlarmStatusWidget({
          title: 'Alarms',
          alarms: [...alarms.all],
          width: WIDTH,
          height: 3,
        }),
      );
    }
    this.row(outcomes(authorizerFunction), hitRatios(authorizerFunction, requests));
    this.row(introspectionLatency(authorizerFunction), faults(authorizerFunction));
    this.row(
      throttles(authorizerFunction),
      coldStarts(authorizerFunction),
      tokenCache(authorizerFunction),
    );
  }

  private row(...graphs: readonly GraphWidgetProps[]): void {
    const width = WIDTH / graphs.length;
    this.addWidgets(...graphs.map((graph) => new GraphWidget({ ...graph, width })));
  }
}

function outcomes(authorizer: AuthorizerFunction): GraphWidgetProps {
  const decisions = (outcome: Outcome, label: string) =>
    authorizer.metricDecisions({ outcome, label });
  return {
    title: 'Requests by outcome',
    stacked: true,
    left: [
      authorizer.metricMemoryHits({ label: 'allowed (memory cache)' }),
      decisions(Outcome.ALLOW, 'allowed (other sources)'),
      decisions(Outcome.UNAUTHORIZED, '401 unauthorized'),
      decisions(Outcome.FORBIDDEN, '403 forbidden'),
      authorizer.metricFaults(),
      authorizer.lambdaFunction.metricThrottles({ label: 'throttled' }),
    ],
    ...COUNT,
  };
}

function hitRatios(authorizer: AuthorizerFunction, requests?: IMetric): GraphWidgetProps {
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
 * but also requests without a token and requests of public routes.
 */
function servedByGateway(authorizer: AuthorizerFunction, requests: IMetric): IMetric {
  return new MathExpression({
    label: 'served by API Gateway',
    expression:
      'IF(requests > FILL(invocations, 0), 100 * (requests - FILL(invocations, 0)) / requests, 0)',
    usingMetrics: { requests, invocations: authorizer.lambdaFunction.metricInvocations() },
  });
}

function introspectionLatency(authorizer: AuthorizerFunction): GraphWidgetProps {
  const percentile = (statistic: string) =>
    authorizer.metricIntrospectionLatency({ statistic, label: statistic });
  return {
    title: 'Introspection latency',
    left: ['p50', 'p90', 'p99', 'Maximum'].map(percentile),
    leftAnnotations: [
      { value: authorizer.introspectionTimeout.toMilliseconds(), label: 'timeout' },
    ],
    ...MILLISECONDS,
  };
}

function faults(authorizer: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Faults by code',
    stacked: true,
    left: [faultsByCode(authorizer)],
    ...COUNT,
  };
}

function throttles({ lambdaFunction: handler }: AuthorizerFunction): GraphWidgetProps {
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

function coldStarts(authorizer: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Cold starts and invocation duration',
    left: [authorizer.metricColdStarts({ label: 'cold starts' })],
    right: [authorizer.lambdaFunction.metricDuration({ statistic: 'p99', label: 'duration p99' })],
    leftYAxis: { min: 0, showUnits: false },
    rightYAxis: { min: 0, label: 'ms', showUnits: false },
  };
}

function tokenCache(authorizer: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Token cache faults and credential rereads',
    left: [
      authorizer.metricTokenCacheFaults({ label: 'token cache faults' }),
      authorizer.metricCredentialRereads({ label: 'credential rereads' }),
    ],
    ...COUNT,
  };
}

/**
 * Returns the number of faults for each code that occurred.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
function faultsByCode({ lambdaFunction: { functionName } }: AuthorizerFunction): IMetric {
  const { functionName: functionDimension, code: codeDimension } = MetricDimension;
  const schema = `{${METRIC_NAMESPACE},${functionDimension},${codeDimension}}`;
  const terms = `MetricName="${Name.faults}" ${functionDimension}="${functionName}"`;
  return new MathExpression({
    expression: `SEARCH('${schema} ${terms}', 'Sum', 300)`,
    label: `\${PROP('Dim.${codeDimension}')}`,
  });
}

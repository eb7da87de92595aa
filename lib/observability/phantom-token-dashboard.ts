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

/** What the dashboard shows. */
export interface PhantomTokenDashboardProps {
  /** The authorizer function whose story is told. */
  readonly authorizerFunction: AuthorizerFunction;

  /**
   * How many requests the APIs got, such as `api.metricCount()`. API Gateway has no metric for its result
   * cache; what of them the authorizer did not see tells as much.
   *
   * @default - API Gateway's part is not shown
   */
  readonly requests?: IMetric;

  /**
   * The alarms, for the first line.
   *
   * @default - no alarms are shown
   */
  readonly alarms?: PhantomTokenAlarms;

  /**
   * The dashboard's name, in the account.
   *
   * @default - one that CloudFormation makes
   */
  readonly dashboardName?: string;
}

const WIDTH = 24;
const PERCENT = { leftYAxis: { min: 0, max: 100, label: '%', showUnits: false } };
const MILLISECONDS = { leftYAxis: { min: 0, label: 'ms', showUnits: false } };
const COUNT = { leftYAxis: { min: 0, showUnits: false } };

/** A dashboard that tells from top to bottom what clients get, what it costs, and what goes wrong. */
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
  const decided = (outcome: Outcome, label: string) =>
    authorizer.metricDecisions({ outcome, label });
  return {
    title: 'Requests by outcome',
    stacked: true,
    left: [
      authorizer.metricMemoryHits({ label: 'allowed from memory' }),
      decided(Outcome.ALLOW, 'allowed otherwise'),
      decided(Outcome.UNAUTHORIZED, '401 unauthorized'),
      decided(Outcome.FORBIDDEN, '403 forbidden'),
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
      ...(requests ? [answeredByGateway(authorizer, requests)] : []),
      authorizer.metricMemoryHitPercent(),
      authorizer.metricTokenCacheHitPercent(),
    ],
    ...PERCENT,
  };
}

/** The result cache, for the most part; requests without a token and public routes are among them. */
function answeredByGateway(authorizer: AuthorizerFunction, requests: IMetric): IMetric {
  return new MathExpression({
    label: 'API Gateway, without the authorizer',
    expression: 'IF(a > FILL(i, 0), 100 * (a - FILL(i, 0)) / a, 0)',
    usingMetrics: { a: requests, i: authorizer.lambdaFunction.metricInvocations() },
  });
}

function introspectionLatency(authorizer: AuthorizerFunction): GraphWidgetProps {
  const percentile = (statistic: string) =>
    authorizer.metricIntrospectionLatency({ statistic, label: statistic });
  return {
    title: 'Introspection latency',
    left: ['p50', 'p90', 'p99', 'Maximum'].map(percentile),
    leftAnnotations: [
      { value: authorizer.introspectionTimeout.toMilliseconds(), label: 'the deadline' },
    ],
    ...MILLISECONDS,
  };
}

function faults(authorizer: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Faults by code',
    stacked: true,
    left: [faultsOfEachCode(authorizer)],
    ...COUNT,
  };
}

function throttles({ lambdaFunction: handler }: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Concurrency and throttles',
    left: [
      handler.metric('ConcurrentExecutions', { statistic: 'Maximum', label: 'at once' }),
      handler.metricThrottles({ label: 'throttled' }),
    ],
    ...COUNT,
  };
}

function coldStarts(authorizer: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Cold starts, and how long invocations take',
    left: [authorizer.metricColdStarts({ label: 'cold starts' })],
    right: [authorizer.lambdaFunction.metricDuration({ statistic: 'p99', label: 'duration p99' })],
    leftYAxis: { min: 0, showUnits: false },
    rightYAxis: { min: 0, label: 'ms', showUnits: false },
  };
}

function tokenCache(authorizer: AuthorizerFunction): GraphWidgetProps {
  return {
    title: 'Token cache faults, and credentials read again',
    left: [
      authorizer.metricTokenCacheFaults({ label: 'token cache faults' }),
      authorizer.metricCredentialRereads({ label: 'credentials read again' }),
    ],
    ...COUNT,
  };
}

/**
 * Faults by code, whichever codes there are.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
function faultsOfEachCode({ lambdaFunction: { functionName } }: AuthorizerFunction): IMetric {
  const { functionName: byFunction, code } = MetricDimension;
  const schema = `{${METRIC_NAMESPACE},${byFunction},${code}}`;
  const terms = `MetricName="${Name.faults}" ${byFunction}="${functionName}"`;
  return new MathExpression({
    expression: `SEARCH('${schema} ${terms}', 'Sum', 300)`,
    label: `\${PROP('Dim.${code}')}`,
  });
}

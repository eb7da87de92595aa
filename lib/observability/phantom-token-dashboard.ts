import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import { apiWidgets } from './api-widgets';
import * as graphs from './authorizer-graphs';
import { type IMonitoredApi, serverErrorPercent, totalRequests } from './monitored-api';
import type { PhantomTokenAlarms } from './phantom-token-alarms';
import { runbookLink } from './runbook';

/** Props of the dashboard. */
export interface PhantomTokenDashboardProps {
  /** Authorizer function to show. */
  readonly authorizerFunction: AuthorizerFunction;

  /**
   * APIs that the function protects. API Gateway has no metric for its result cache. The dashboard shows the
   * requests that did not reach the authorizer instead.
   *
   * @default - nothing of API Gateway is shown
   */
  readonly apis?: readonly IMonitoredApi[];

  /**
   * Log group of the access log of the APIs. It distinguishes 429 from other statuses.
   *
   * @default - requests that API Gateway throttled are not shown
   */
  readonly accessLogs?: ILogGroup;

  /**
   * Alarms to show in the first row, and as thresholds in the graphs.
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

  /**
   * URL of the page that the text widget refers to.
   *
   * @default - the widget names the sections of docs/operations.md
   */
  readonly runbookUrl?: string;
}

/** Width of the dashboard's grid, in columns. */
const WIDTH = 24;

/** Sections of the runbook by what an operator sees. */
const SECTIONS = {
  'Every request gets 401': 'every-request-gets-401',
  'Every request gets 503': 'every-request-gets-503',
  'Requests are slow': 'requests-are-slow',
  'It costs too much': 'it-costs-too-much',
} as const;

/** Dashboard with alarms, outcomes, error rate, cache hit ratios, latency, faults, and the APIs themselves. */
export class PhantomTokenDashboard extends Dashboard {
  constructor(scope: Construct, id: string, props: PhantomTokenDashboardProps) {
    const { authorizerFunction, apis = [], alarms, dashboardName } = props;
    super(scope, id, { dashboardName, defaultInterval: Duration.hours(3) });
    this.header(alarms, props.runbookUrl);
    const serverErrors = apis.map((api) => serverErrorPercent(api, Duration.minutes(5)));
    this.row(
      graphs.outcomes(authorizerFunction),
      graphs.errorRate(authorizerFunction, serverErrors, alarms),
    );
    this.row(
      graphs.introspectionLatency(authorizerFunction, alarms),
      graphs.faults(authorizerFunction),
    );
    for (const api of apis) this.addWidgets(...apiWidgets(api, props.accessLogs, WIDTH));
    this.row(
      graphs.hitRatios(authorizerFunction, totalRequests(apis)),
      graphs.coldStarts(authorizerFunction),
    );
    this.row(
      graphs.throttles(authorizerFunction),
      graphs.tokenCache(authorizerFunction),
      graphs.ages(authorizerFunction),
    );
  }

  private header(alarms: PhantomTokenAlarms | undefined, runbookUrl: string | undefined): void {
    const links = Object.entries(SECTIONS).map(([symptom, section]) =>
      runbookUrl === undefined
        ? `- ${symptom}: ${runbookLink(section)}`
        : `- [${symptom}](${runbookLink(section, runbookUrl)})`,
    );
    const width = alarms ? WIDTH / 2 : WIDTH;
    const text = new TextWidget({ markdown: links.join('\n'), width, height: 4 });
    const status = alarms && {
      title: 'Alarms',
      alarms: [...alarms.all],
      width,
      height: 4,
    };
    this.addWidgets(...(status ? [new AlarmStatusWidget(status)] : []), text);
  }

  private row(...row: readonly GraphWidgetProps[]): void {
    const width = WIDTH / row.length;
    this.addWidgets(...row.map((graph) => new GraphWidget({ ...graph, width })));
  }
}

import type { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import type { IMonitoredApi } from './monitored-api';

/** Props of the alarms: thresholds and actions. */
export interface PhantomTokenAlarmsProps {
  /** Authorizer function to monitor. */
  readonly authorizerFunction: AuthorizerFunction;

  /**
   * APIs that the function protects. Their 5xx show outages that the function's own metrics do not: API
   * Gateway cannot invoke it, or it does not start.
   *
   * @default - only the metrics of the function are monitored
   */
  readonly apis?: readonly IMonitoredApi[];

  /**
   * Actions of an alarm in the ALARM state. The outage alarm stands for the alarms it is composed of,
   * which have no actions.
   *
   * @default - no actions; the alarm is visible in the console and on the dashboard only
   */
  readonly actions?: readonly IAlarmAction[];

  /**
   * Actions of warnings in the ALARM state: alarms for conditions in which requests still succeed.
   *
   * @default - `actions`
   */
  readonly warningActions?: readonly IAlarmAction[];

  /**
   * Actions of the outage alarm when it returns to the OK state. CloudWatch also performs them once when the
   * alarm is created.
   *
   * @default - no actions
   */
  readonly okActions?: readonly IAlarmAction[];

  /**
   * Threshold of the error rate: the percentage of requests without a decision.
   *
   * @default 5
   */
  readonly errorRatePercent?: number;

  /**
   * Threshold of an API's 5xx, in percent of its requests. It includes those of the upstream API.
   *
   * @default 25
   */
  readonly serverErrorPercent?: number;

  /**
   * Threshold of the p90 latency of introspections.
   *
   * @default - half of the introspection timeout
   */
  readonly introspectionLatency?: Duration;

  /**
   * Threshold of token cache faults, in percent of the operations.
   *
   * @default 10
   */
  readonly tokenCacheFaultPercent?: number;

  /**
   * Time before the expiry of a client certificate or CA certificate from which an alarm is raised.
   *
   * @default Duration.days(21)
   */
  readonly expiryWarning?: Duration;

  /**
   * URL of the page that alarm descriptions refer to. A fragment that names the section is appended.
   *
   * @default - descriptions name the section of docs/operations.md
   */
  readonly runbookUrl?: string;
}

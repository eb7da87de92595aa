import { Duration } from 'aws-cdk-lib';

/**
 * Time over which an alarm is evaluated: `breaching` of the last `periods` must reach the threshold. CloudWatch
 * evaluates every minute, whatever the period.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export interface AlarmWindow {
  readonly period: Duration;
  readonly breaching: number;
  readonly periods: number;
}

/**
 * Window for outages with a request every five minutes or more. It slides by the minute: all requests of
 * 45 s are 5 %, and those of a rotation that takes 10 s are 1 %.
 */
export const SHORT: AlarmWindow = { period: Duration.minutes(15), breaching: 1, periods: 1 };

/** Window for outages that only a few requests an hour notice. */
export const LONG: AlarmWindow = { period: Duration.hours(1), breaching: 2, periods: 2 };

/** Window for trouble that does not fail requests yet. */
export const WARNING: AlarmWindow = { period: Duration.minutes(5), breaching: 3, periods: 3 };

/** Window for failures of something that happens every few minutes, such as reading the secret. */
export const HOURS: AlarmWindow = { period: Duration.hours(1), breaching: 3, periods: 3 };

/** Window for values that change daily. */
export const LATEST: AlarmWindow = { period: Duration.hours(1), breaching: 1, periods: 1 };

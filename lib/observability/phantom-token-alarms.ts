import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import { PropError } from '../validation/prop-error';

/** Props of the alarms: thresholds and actions. */
export interface PhantomTokenAlarmsProps {
  /** Authorizer function to monitor. */
  readonly authorizerFunction: AuthorizerFunction;

  /**
   * Actions of an alarm in the ALARM state.
   *
   * @default - no actions; the alarm is visible in the console and on the dashboard only
   */
  readonly actions?: readonly IAlarmAction[];

  /**
   * Actions of an alarm that returns to the OK state.
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
   * Threshold of the p99 latency of introspections.
   *
   * @default - half of the introspection timeout
   */
  readonly introspectionLatency?: Duration;

  /**
   * Threshold of token cache faults for each 100 requests that missed the memory cache.
   *
   * @default 10
   */
  readonly tokenCacheFaultPercent?: number;
}

/** Evaluation over three consecutive periods, so that short disruptions do not raise alarms. */
const THREE_PERIODS = { evaluationPeriods: 3, datapointsToAlarm: 3 };

/** Time in which Secrets Manager retries a rotation, in days. */
const ROTATION_MARGIN_DAYS = 2;

/** Alarms that require operator action. Denied requests do not raise alarms. */
export class PhantomTokenAlarms extends Construct {
  /** Requests get no decision because of faults or throttling. */
  readonly errorRate: Alarm;
  /** The authorization server rejects the authorizer's credentials even after a reread of the secret. */
  readonly clientRejected: Alarm;
  /** The latency of introspections approaches their timeout. */
  readonly introspectionLatency: Alarm;
  /** The token cache fails, which increases the load of the authorization server. */
  readonly tokenCacheFaults: Alarm;
  /** No phantom token can be signed. `undefined` if the function mints none. */
  readonly signingFaults: Alarm | undefined;
  /** The key that signs is older than its rotation allows. `undefined` if nothing rotates it. */
  readonly signingKeyAge: Alarm | undefined;
  /** All alarms. */
  readonly all: readonly Alarm[];

  /** @throws PropError if a threshold is out of bounds. */
  constructor(scope: Construct, id: string, props: PhantomTokenAlarmsProps) {
    super(scope, id);
    const { authorizerFunction, errorRatePercent = 5, tokenCacheFaultPercent = 10 } = props;
    const latency =
      props.introspectionLatency?.toMilliseconds() ??
      authorizerFunction.introspectionTimeout.toMilliseconds() / 2;
    assertPercent('errorRatePercent', errorRatePercent);
    assertPositive('introspectionLatency', latency);
    assertPositive('tokenCacheFaultPercent', tokenCacheFaultPercent);
    const minute = { period: Duration.minutes(1) };

    this.errorRate = this.alarm('AuthorizerErrorRate', {
      metric: authorizerFunction.metricErrorRate(minute),
      threshold: errorRatePercent,
      description:
        'Requests get 503 (500 from an HTTP API) because the authorizer fails or is throttled. See the faults by code.',
      ...THREE_PERIODS,
    });
    this.clientRejected = this.alarm('ClientRejected', {
      metric: authorizerFunction.metricFaults({ code: 'introspection_rejected_client', ...minute }),
      threshold: 1,
      description:
        "The authorization server rejects the authorizer's credentials. Update the secret, or grant the client permission to introspect.",
      // Two of three, since a rotation can cause rejections in a single period.
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    this.introspectionLatency = this.alarm('IntrospectionLatency', {
      metric: authorizerFunction.metricIntrospectionLatency(),
      threshold: latency,
      description:
        'The p99 latency of introspections is high. Requests whose introspection times out get 503 (500 from an HTTP API).',
      ...THREE_PERIODS,
    });
    this.tokenCacheFaults = this.alarm('TokenCacheFaults', {
      metric: authorizerFunction.metricTokenCacheFaultPercent(),
      threshold: tokenCacheFaultPercent,
      description:
        'The token cache fails. Requests still succeed, but cause more introspections. See the log for the operation and the cause.',
      ...THREE_PERIODS,
    });
    const { signingKeys } = authorizerFunction;
    this.signingFaults = signingKeys && this.signingFaultsAlarm(authorizerFunction);
    this.signingKeyAge =
      signingKeys?.rotationDays === undefined
        ? undefined
        : this.signingKeyAgeAlarm(authorizerFunction, signingKeys.rotationDays);
    this.all = [
      this.errorRate,
      this.clientRejected,
      this.introspectionLatency,
      this.tokenCacheFaults,
      this.signingFaults,
      this.signingKeyAge,
    ].filter((alarm) => alarm !== undefined);
    for (const alarm of this.all) {
      alarm.addAlarmAction(...(props.actions ?? []));
      alarm.addOkAction(...(props.okActions ?? []));
    }
  }

  private signingFaultsAlarm(authorizerFunction: AuthorizerFunction): Alarm {
    return this.alarm('SigningFaults', {
      metric: authorizerFunction.metricSigningFaults({ period: Duration.minutes(1) }),
      threshold: 1,
      description:
        'Requests get 503 (500 from an HTTP API) because no phantom token can be signed. See the log for the fault, and "Rotation fails" in the documentation of signing keys.',
      // Two of three, since AWS KMS can throttle for a moment.
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
  }

  private signingKeyAgeAlarm(authorizerFunction: AuthorizerFunction, rotationDays: number): Alarm {
    return this.alarm('SigningKeyAge', {
      metric: authorizerFunction.metricSigningKeyAge({ period: Duration.hours(1) }),
      threshold: Duration.days(rotationDays + ROTATION_MARGIN_DAYS).toSeconds(),
      description:
        'The signing keys are not rotated. Phantom tokens are still signed. See the log of the rotation function.',
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
  }

  private alarm(id: string, { metric, description, ...options }: AlarmOptions): Alarm {
    return new Alarm(this, id, {
      metric,
      alarmDescription: description,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Missing data means that there were no errors or no requests.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...options,
    });
  }
}

interface AlarmOptions {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly description: string;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
}

/** @throws PropError unless the value is a percentage above 0. */
function assertPercent(name: string, value: number): void {
  if (value > 0 && value <= 100) return;
  throw new PropError(`${name} must be more than 0 and at most 100 percent, got: ${value}`);
}

/** @throws PropError unless the value is above 0. */
function assertPositive(name: string, value: number): void {
  if (value > 0) return;
  throw new PropError(`${name} must be more than 0, got: ${value}`);
}

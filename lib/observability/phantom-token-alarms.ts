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

/** What is watched, from which value on, and who is told. */
export interface PhantomTokenAlarmsProps {
  /** The authorizer function to watch. */
  readonly authorizerFunction: AuthorizerFunction;

  /**
   * What an alarm does when it goes off.
   *
   * @default - nothing: it is seen in the console and on the dashboard only
   */
  readonly actions?: readonly IAlarmAction[];

  /**
   * What an alarm does when all is well again.
   *
   * @default - nothing
   */
  readonly okActions?: readonly IAlarmAction[];

  /**
   * The share of requests without a decision, in percent, from which on it needs a person.
   *
   * @default 5
   */
  readonly undecidedPercent?: number;

  /**
   * How slow the slowest hundredth of introspections may become.
   *
   * @default - half of what an introspection may take
   */
  readonly introspectionLatency?: Duration;

  /**
   * For a hundred requests that need it, how often the token cache may fail.
   *
   * @default 10
   */
  readonly tokenCacheFaultPercent?: number;
}

/** How long it must last: three periods, so that a blip wakes nobody. */
const LASTING = { evaluationPeriods: 3, datapointsToAlarm: 3 };

/**
 * Alarms for what needs a person. Each denied request is none of them: bad tokens are the clients' matter.
 */
export class PhantomTokenAlarms extends Construct {
  /** Requests got no decision, for faults or because Lambda throttled. */
  readonly undecided: Alarm;
  /** The authorization server rejects our own credentials, also after reading the secret again. */
  readonly clientRejected: Alarm;
  /** Introspections are slow, and soon run out of time. */
  readonly introspectionLatency: Alarm;
  /** The token cache fails, and the authorization server gets its load. */
  readonly tokenCacheFaults: Alarm;
  /** All of them. */
  readonly all: readonly Alarm[];

  /** @throws PropError if a threshold is out of its bounds. */
  constructor(scope: Construct, id: string, props: PhantomTokenAlarmsProps) {
    super(scope, id);
    const { authorizerFunction, undecidedPercent = 5, tokenCacheFaultPercent = 10 } = props;
    const latency =
      props.introspectionLatency?.toMilliseconds() ??
      authorizerFunction.introspectionTimeout.toMilliseconds() / 2;
    assertPercent('undecidedPercent', undecidedPercent);
    assertPositive('introspectionLatency', latency);
    assertPositive('tokenCacheFaultPercent', tokenCacheFaultPercent);
    const minute = { period: Duration.minutes(1) };

    this.undecided = this.alarm('Undecided', {
      metric: authorizerFunction.metricUndecidedPercent(minute),
      threshold: undecidedPercent,
      description:
        'Requests get 503 (500 from an HTTP API): the authorizer fails or is throttled. See the faults by code.',
      ...LASTING,
    });
    this.clientRejected = this.alarm('ClientRejected', {
      metric: authorizerFunction.metricFaults({ code: 'introspection_rejected_client', ...minute }),
      threshold: 1,
      description:
        "The authorization server rejects the authorizer's own credentials: set the secret anew, or let the client introspect.",
      // Not for the one moment between the two halves of a rotation.
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    this.introspectionLatency = this.alarm('IntrospectionLatency', {
      metric: authorizerFunction.metricIntrospectionLatency(),
      threshold: latency,
      description: 'Introspections become slow; those that run out of time end as 503.',
      ...LASTING,
    });
    this.tokenCacheFaults = this.alarm('TokenCacheFaults', {
      metric: authorizerFunction.metricTokenCacheFaultPercent(),
      threshold: tokenCacheFaultPercent,
      description:
        'The token cache fails: requests are answered, but cost introspections. See the log for the operation and its cause.',
      ...LASTING,
    });
    this.all = [
      this.undecided,
      this.clientRejected,
      this.introspectionLatency,
      this.tokenCacheFaults,
    ];
    for (const alarm of this.all) {
      alarm.addAlarmAction(...(props.actions ?? []));
      alarm.addOkAction(...(props.okActions ?? []));
    }
  }

  private alarm(id: string, { metric, description, ...options }: AlarmOptions): Alarm {
    return new Alarm(this, id, {
      metric,
      alarmDescription: description,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Each counts or times what goes wrong, or is a share of requests: no data is no trouble.
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

function assertPercent(name: string, value: number): void {
  if (value > 0 && value <= 100) return;
  throw new PropError(`${name} must be more than 0 and at most 100, but is ${value}`);
}

function assertPositive(name: string, value: number): void {
  if (value > 0) return;
  throw new PropError(`${name} must be more than 0, but is ${value}`);
}

import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarm,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { PropError } from '../validation/prop-error';
import type { AlarmOptions } from './alarm-options';
import { HOURS, LATEST, LONG, SHORT, WARNING } from './alarm-window';
import { serverErrorPercent } from './monitored-api';
import type { PhantomTokenAlarmsProps } from './phantom-token-alarms-props';
import { runbookLink } from './runbook';
import { signingFaultsAlarm, signingKeyAgeAlarm } from './signing-alarms';

/** Threshold over the long window, in percent: at a few requests an hour, one failure is a large share. */
const LONG_PERCENT = 50;

/** Minimum number of failures in the short window. The long window has no minimum. */
const MINIMUM_FAILURES = 3;

/** Minimum number of introspections or operations in a period, so that a single slow one is no alarm. */
const MINIMUM_SAMPLE = 20;

/** Alarms that require operator action. Denied requests do not raise alarms. */
export class PhantomTokenAlarms extends Construct {
  /** Requests fail: composed of the error rate and the 5xx of the APIs, each over a short and a long window. */
  readonly outage: CompositeAlarm;
  /** Requests get no decision because of faults, crashes or throttling. */
  readonly errorRate: Alarm;
  /** The authorizer's own credentials are refused. */
  readonly clientRejected: Alarm;
  /** The latency of introspections approaches their timeout. */
  readonly introspectionLatency: Alarm;
  /** The token cache fails, which increases the load of the authorization server. */
  readonly tokenCacheFaults: Alarm;
  /** The secret can no longer be read; execution environments use the credentials of an earlier read. */
  readonly secretReadFailures: Alarm;
  /** A client certificate or CA certificate expires soon. */
  readonly expiry: Alarm;
  /** No phantom token can be signed. `undefined` if the function mints none. */
  readonly signingFaults: Alarm | undefined;
  /** The key that signs is older than its rotation allows. `undefined` if nothing rotates it. */
  readonly signingKeyAge: Alarm | undefined;
  /** All alarms. */
  readonly all: readonly IAlarm[];

  private readonly runbookUrl: string | undefined;

  /** @throws PropError if a threshold is out of bounds. */
  constructor(scope: Construct, id: string, props: PhantomTokenAlarmsProps) {
    super(scope, id);
    const { authorizerFunction: authorizer, apis = [], actions = [] } = props;
    const { errorRatePercent = 5, tokenCacheFaultPercent = 10 } = props;
    const { serverErrorPercent: serverErrors = 25, expiryWarning = Duration.days(21) } = props;
    const latency =
      props.introspectionLatency?.toMilliseconds() ??
      authorizer.introspectionTimeout.toMilliseconds() / 2;
    assertPercent('errorRatePercent', errorRatePercent);
    assertPercent('serverErrorPercent', serverErrors);
    assertPositive('introspectionLatency', latency);
    assertPercent('tokenCacheFaultPercent', tokenCacheFaultPercent);
    assertPositive('expiryWarning', expiryWarning.toDays({ integral: false }));
    this.runbookUrl = props.runbookUrl;

    const [errorRate, ...sustained] = this.outageAlarms('AuthorizerErrorRate', {
      short: authorizer.metricFaultPercent(SHORT),
      long: authorizer.metricErrorRate(LONG),
      requests: authorizer.metricRequests(SHORT),
      percent: errorRatePercent,
      description:
        'Requests get no decision because the authorizer fails, crashes or is throttled.',
    });
    this.errorRate = errorRate;
    const api5xx = apis.flatMap((api, index) =>
      this.outageAlarms(`ServerErrors${index === 0 ? '' : index}`, {
        short: serverErrorPercent(api, SHORT.period),
        long: serverErrorPercent(api, LONG.period),
        requests: api.metricCount({ period: SHORT.period }),
        percent: serverErrors,
        description:
          'API Gateway responds with 5xx: the authorizer cannot be invoked or fails, or the upstream API does.',
      }),
    );
    const causes = [errorRate, ...sustained, ...api5xx];
    this.outage = new CompositeAlarm(this, 'Outage', {
      alarmRule: AlarmRule.anyOf(
        ...causes.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM)),
      ),
      alarmDescription: this.describe(
        'Requests fail with 503 (500 from an HTTP API).',
        'every-request-gets-503',
      ),
    });
    this.outage.addAlarmAction(...actions);
    this.outage.addOkAction(...(props.okActions ?? []));

    this.clientRejected = this.alarm('ClientRejected', {
      metric: ofEnoughRequests(
        authorizer.metricClientRejectedPercent(SHORT),
        authorizer.metricRequests(SHORT),
      ),
      missing: TreatMissingData.IGNORE,
      threshold: errorRatePercent,
      description:
        "The authorizer's own credentials are refused, by the authorization server or in the TLS handshake, or the secret is malformed. Update the secret, or grant the client permission to introspect.",
      section: 'the-secret',
      window: SHORT,
    });
    this.introspectionLatency = this.alarm('IntrospectionLatency', {
      metric: withMinimumSample(
        authorizer.metricIntrospectionLatency({ statistic: 'p90' }),
        authorizer.metricIntrospectionLatency({ statistic: 'SampleCount' }),
      ),
      threshold: latency,
      description:
        'The p90 latency of introspections is high. Requests whose introspection times out get 503 (500 from an HTTP API).',
      section: 'requests-are-slow',
      window: WARNING,
    });
    this.tokenCacheFaults = this.alarm('TokenCacheFaults', {
      metric: withMinimumSample(
        authorizer.metricTokenCacheFaultPercent(),
        authorizer.metricTokenCacheOperations(),
      ),
      threshold: tokenCacheFaultPercent,
      description:
        'The token cache fails. Requests still succeed, but cause more introspections. See the log for the operation and the cause.',
      section: 'token-cache',
      window: WARNING,
    });
    this.secretReadFailures = this.alarm('SecretReadFailures', {
      metric: authorizer.metricSecretReadFailures({ period: HOURS.period }),
      threshold: 1,
      description:
        'The secret cannot be read. Execution environments use the credentials they know; new ones will fail.',
      section: 'the-secret',
      window: HOURS,
    });
    this.expiry = this.alarm('Expiry', {
      metric: authorizer.metricDaysToExpiry({ period: LATEST.period }),
      threshold: expiryWarning.toDays({ integral: false }),
      comparison: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      missing: TreatMissingData.IGNORE,
      description:
        'The client certificate or a certificate of the CA bundle expires soon. The log names it: message "expiry".',
      section: 'certificates',
      window: LATEST,
    });
    const [faults, age] = [signingFaultsAlarm(authorizer), signingKeyAgeAlarm(authorizer)];
    this.signingFaults = faults && this.alarm('SigningFaults', faults);
    this.signingKeyAge = age && this.alarm('SigningKeyAge', age);
    const warnings = [
      this.clientRejected,
      this.introspectionLatency,
      this.tokenCacheFaults,
      this.secretReadFailures,
      this.expiry,
      this.signingFaults,
      this.signingKeyAge,
    ].filter((alarm) => alarm !== undefined);
    for (const alarm of warnings) alarm.addAlarmAction(...(props.warningActions ?? actions));
    this.all = [this.outage, ...causes, ...warnings];
  }

  /** Adds an alarm over the short and one over the long window. They keep their state without requests. */
  private outageAlarms(
    id: string,
    { short, long, requests, percent, description }: OutageOptions,
  ): [Alarm, Alarm] {
    const shared = { missing: TreatMissingData.IGNORE, section: 'every-request-gets-503' };
    return [
      this.alarm(id, {
        ...shared,
        metric: ofEnoughRequests(short, requests),
        threshold: percent,
        description,
        window: SHORT,
      }),
      this.alarm(`${id}Sustained`, {
        ...shared,
        metric: long,
        threshold: Math.max(percent, LONG_PERCENT),
        description: `${description} Half of the requests or more are affected, for two hours.`,
        window: LONG,
      }),
    ];
  }

  private alarm(id: string, { metric, threshold, window, ...options }: AlarmOptions): Alarm {
    return new Alarm(this, id, {
      metric,
      threshold,
      alarmDescription: this.describe(options.description, options.section),
      comparisonOperator:
        options.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // For counts of failures, missing data means that there were none.
      treatMissingData: options.missing ?? TreatMissingData.NOT_BREACHING,
      evaluationPeriods: window.periods,
      datapointsToAlarm: window.breaching,
    });
  }

  private describe(text: string, section: string): string {
    return `${text} Runbook: ${runbookLink(section, this.runbookUrl)}.`;
  }
}

interface OutageOptions {
  /** Percentage of failed requests over the short window. */
  readonly short: IMetric;
  /** Percentage of failed requests over the long window. */
  readonly long: IMetric;
  /** Number of requests over the short window. */
  readonly requests: IMetric;
  readonly percent: number;
  readonly description: string;
}

/**
 * Returns the percentage, or 0 for too few failures: at a low rate, one is a large share. It has no data for
 * a period with too few requests.
 */
function ofEnoughRequests(percent: IMetric, requests: IMetric): IMetric {
  return new MathExpression({
    // The product is 100 for each failure. A division by zero has no data.
    expression: `IF(percent * requests >= ${100 * MINIMUM_FAILURES - 50}, percent, 0) / (requests >= ${MINIMUM_FAILURES})`,
    usingMetrics: { percent, requests },
    period: SHORT.period,
  });
}

/** Returns the metric, or 0 for a period with too few samples. */
function withMinimumSample(value: IMetric, samples: IMetric): IMetric {
  return new MathExpression({
    expression: `IF(samples >= ${MINIMUM_SAMPLE}, value, 0)`,
    usingMetrics: { value, samples },
    period: WARNING.period,
  });
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

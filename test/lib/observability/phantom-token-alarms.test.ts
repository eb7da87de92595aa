import { Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Fault } from '../../../lambda/core/errors';
import {
  IntrospectionResponse,
  type ISigningKeys,
  PhantomTokenAlarms,
  type PhantomTokenAlarmsProps,
  PropError,
  SigningKeysSecret,
  SigningKmsKey,
} from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { thrownBy } from '../../support/faults';
import { only, synthesizeConstructs } from '../../support/synthesize';

const ALARM = 'AWS::CloudWatch::Alarm';
const COMPOSITE = 'AWS::CloudWatch::CompositeAlarm';

type Options = Omit<PhantomTokenAlarmsProps, 'authorizerFunction'>;

function synthesizeWith(options: (stack: Stack) => Options = () => ({}), timeout?: Duration) {
  return synthesizeConstructs((stack) => {
    const authorizerFunction = addAuthorizerFunction(stack, { introspectionTimeout: timeout });
    new PhantomTokenAlarms(stack, 'Alarms', { authorizerFunction, ...options(stack) });
  });
}

function addMintingFunction(stack: Stack, keys: ISigningKeys) {
  return addAuthorizerFunction(stack, {
    introspectionResponse: IntrospectionResponse.json(),
    mint: { issuer: 'https://api.example.com', audience: ['orders'], keys },
  });
}

describe('PhantomTokenAlarms', () => {
  const template = synthesizeWith();

  it('creates alarms without actions by default', () => {
    const alarms = [ALARM, COMPOSITE].flatMap((type) =>
      Object.values(template.findResources(type)),
    );

    expect(alarms).toHaveLength(8);
    for (const { Properties } of alarms) {
      expect(Properties.AlarmActions ?? []).toEqual([]);
      expect(Properties.OKActions ?? []).toEqual([]);
    }
  });

  it('raises alarms of outages at a share of requests over a short and a long window', () => {
    const windows = [
      { Period: 900, Threshold: 5, EvaluationPeriods: 1, DatapointsToAlarm: 1 },
      { Period: 3600, Threshold: 50, EvaluationPeriods: 2, DatapointsToAlarm: 2 },
    ];
    for (const { Period, ...window } of windows) {
      template.hasResourceProperties(ALARM, {
        ...window,
        TreatMissingData: 'ignore',
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        AlarmDescription: Match.stringLikeRegexp('^Requests get no decision'),
        Metrics: Match.arrayWith(
          ['Invocations', 'Throttles', 'Faults'].map((MetricName) =>
            Match.objectLike({
              MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName }), Period }),
            }),
          ),
        ),
      });
    }
  });

  it('counts crashes over the long window only, where late log lines do not matter', () => {
    const alarms = Object.values(template.findResources(ALARM));
    const byErrors = alarms.filter((alarm) => JSON.stringify(alarm).includes('"Errors"'));

    expect(byErrors).toHaveLength(1);
    expect(byErrors[0]?.['Properties']).toMatchObject({ Threshold: 50 });
    expect(JSON.stringify(byErrors)).toContain('"Value":"unauthorized"');
  });

  it('composes the outage alarm of the error rate and the 5xx of each API', () => {
    const composed = synthesizeConstructs((stack) => {
      const authorizerFunction = addAuthorizerFunction(stack);
      const rest = new RestApi(stack, 'Rest');
      rest.root.addMethod('GET');
      const apis = [rest, new HttpApi(stack, 'Http')];
      new PhantomTokenAlarms(stack, 'Alarms', { authorizerFunction, apis });
    });
    const [, { AlarmRule: rule }] = only(composed, COMPOSITE);
    const names = Object.keys(composed.findResources(ALARM)).filter((id) =>
      JSON.stringify(rule).includes(id),
    );

    expect(names.map((id) => id.replace(/^Alarms|[0-9A-F]{8}$/g, '')).sort()).toEqual([
      'AuthorizerErrorRate',
      'AuthorizerErrorRateSustained',
      'ServerErrors',
      'ServerErrors1',
      'ServerErrors1Sustained',
      'ServerErrorsSustained',
    ]);
    for (const MetricName of ['5XXError', '5xx']) {
      composed.hasResourceProperties(ALARM, {
        Metrics: Match.arrayWith([
          Match.objectLike({
            MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName }) }),
          }),
        ]),
      });
    }
  });

  it.each(['introspection_rejected_client', 'credentials_invalid'] as const)(
    'raises an alarm when %s fails 5 % of the requests',
    (code) => {
      template.hasResourceProperties(ALARM, {
        AlarmDescription: Match.stringLikeRegexp('own credentials are refused'),
        Threshold: 5,
        Metrics: Match.arrayWith([
          Match.objectLike({
            MetricStat: Match.objectLike({
              Metric: Match.objectLike({
                MetricName: 'Faults',
                Dimensions: Match.arrayWith([{ Name: 'code', Value: new Fault(code, '').code }]),
              }),
            }),
          }),
        ]),
      });
    },
  );

  it('raises an alarm when the secret cannot be read in each of three hours', () => {
    template.hasResourceProperties(ALARM, {
      MetricName: 'SecretReadFailures',
      Period: 3600,
      Threshold: 1,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: 'notBreaching',
    });
  });

  it('raises an alarm 21 days before a certificate expires', () => {
    template.hasResourceProperties(ALARM, {
      MetricName: 'DaysToExpiry',
      Statistic: 'Minimum',
      Threshold: 21,
      ComparisonOperator: 'LessThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
    });
  });

  it.each([
    [Duration.seconds(3), 1500],
    [Duration.millis(500), 250],
  ])(
    'raises an alarm when the p90 latency of 20 introspections reaches half of a timeout of %s',
    (timeout, Threshold) => {
      synthesizeWith(undefined, timeout).hasResourceProperties(ALARM, {
        Metrics: Match.arrayWith([
          Match.objectLike({ Expression: 'IF(samples >= 20, value, 0)' }),
          ...['p90', 'SampleCount'].map((Stat) =>
            Match.objectLike({
              MetricStat: Match.objectLike({
                Metric: Match.objectLike({ MetricName: 'IntrospectionLatency' }),
                Period: 300,
                Stat,
              }),
            }),
          ),
        ]),
        EvaluationPeriods: 3,
        DatapointsToAlarm: 3,
        Threshold,
      });
    },
  );

  it('raises an alarm when 10 % of 20 token cache operations fail', () => {
    template.hasResourceProperties(ALARM, {
      Threshold: 10,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      Metrics: Match.arrayWith([
        Match.objectLike({
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({ MetricName: 'TokenCacheFaults' }),
            Period: 300,
          }),
        }),
      ]),
    });
  });

  it('uses the configured thresholds', () => {
    const chosen = synthesizeWith(() => ({
      errorRatePercent: 100,
      introspectionLatency: Duration.millis(800),
      tokenCacheFaultPercent: 40,
      serverErrorPercent: 60,
      expiryWarning: Duration.days(45),
    }));

    for (const Threshold of [100, 800, 40, 45]) chosen.hasResourceProperties(ALARM, { Threshold });
  });

  it.each<[Options, string]>([
    [
      { errorRatePercent: 0 },
      'errorRatePercent must be more than 0 and at most 100 percent, got: 0',
    ],
    [
      { errorRatePercent: 101 },
      'errorRatePercent must be more than 0 and at most 100 percent, got: 101',
    ],
    [
      { introspectionLatency: Duration.millis(0) },
      'introspectionLatency must be more than 0, got: 0',
    ],
    [
      { tokenCacheFaultPercent: 0 },
      'tokenCacheFaultPercent must be more than 0 and at most 100 percent, got: 0',
    ],
    [
      { serverErrorPercent: 101 },
      'serverErrorPercent must be more than 0 and at most 100 percent, got: 101',
    ],
    [{ expiryWarning: Duration.days(0) }, 'expiryWarning must be more than 0, got: 0'],
  ])('rejects the threshold %j', (options, message) => {
    const stack = new Stack();
    const authorizerFunction = addAuthorizerFunction(stack);
    const error = thrownBy(
      () => new PhantomTokenAlarms(stack, 'Alarms', { authorizerFunction, ...options }),
    );

    expect(error).toBeInstanceOf(PropError);
    expect((error as Error).message).toBe(message);
  });

  it('notifies of outages and warnings in the ALARM state, and of outages in the OK state', () => {
    const notifying = synthesizeWith((stack) => ({
      actions: [new SnsAction(new Topic(stack, 'Page'))],
      warningActions: [new SnsAction(new Topic(stack, 'Ticket'))],
      okActions: [new SnsAction(new Topic(stack, 'Chat'))],
    }));
    const [page, ticket, chat] = ['Page', 'Ticket', 'Chat'].map((name) => ({
      Ref: Object.keys(notifying.findResources('AWS::SNS::Topic')).find((id) =>
        id.startsWith(name),
      ),
    }));

    notifying.allResourcesProperties(COMPOSITE, { AlarmActions: [page], OKActions: [chat] });
    notifying.resourcePropertiesCountIs(ALARM, { AlarmActions: [ticket] }, 5);
    notifying.resourcePropertiesCountIs(ALARM, { AlarmActions: Match.absent() }, 2);
    notifying.allResourcesProperties(ALARM, { OKActions: Match.absent() });
  });

  it('adds alarms for faults of signing, and for keys older than their schedule', () => {
    const minting = synthesizeConstructs((stack) => {
      const keys = new SigningKeysSecret(stack, 'Keys', { rotateAfter: Duration.days(30) });
      new PhantomTokenAlarms(stack, 'Alarms', {
        authorizerFunction: addMintingFunction(stack, keys),
      });
    });

    minting.hasResourceProperties(ALARM, {
      ...{ MetricName: 'SigningFaults', Threshold: 3, Period: 900, Statistic: 'Sum' },
      ...{ EvaluationPeriods: 1, TreatMissingData: 'notBreaching' },
    });
    minting.hasResourceProperties(ALARM, {
      ...{ MetricName: 'SigningKeyAgeDays', Threshold: 32, Period: 3600, Statistic: 'Maximum' },
      TreatMissingData: 'ignore',
    });
  });

  it('creates no alarm for the age of a key in KMS, which nothing rotates', () => {
    const minting = synthesizeConstructs((stack) => {
      const authorizerFunction = addMintingFunction(stack, new SigningKmsKey(stack, 'Keys'));
      const { signingKeyAge, signingFaults, all } = new PhantomTokenAlarms(stack, 'Alarms', {
        authorizerFunction,
      });

      expect(signingKeyAge).toBeUndefined();
      expect(all).toContain(signingFaults);
    });

    minting.resourcePropertiesCountIs(ALARM, { MetricName: 'SigningKeyAgeDays' }, 0);
  });

  it('describes every alarm in full sentences, with the section of the runbook', () => {
    for (const { Properties } of Object.values(template.findResources(ALARM))) {
      expect(Properties.AlarmDescription).toMatch(
        /^.{40,}\. Runbook: section #[\w-]+ in docs.+\.$/,
      );
    }
  });
});

import { Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
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
import { synthesizeConstructs } from '../../support/synthesize';

const ALARM = 'AWS::CloudWatch::Alarm';

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

  it('creates four alarms without actions by default', () => {
    const alarms = Object.values(template.findResources(ALARM));

    expect(alarms).toHaveLength(4);
    for (const { Properties } of alarms) {
      expect(Properties.AlarmActions ?? []).toEqual([]);
      expect(Properties.OKActions ?? []).toEqual([]);
    }
  });

  it('treats missing data as not breaching, and raises an alarm at the threshold itself', () => {
    template.allResourcesProperties(ALARM, {
      TreatMissingData: 'notBreaching',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });

  it('raises an alarm at an error rate of 5 % for three minutes', () => {
    template.hasResourceProperties(ALARM, {
      Threshold: 5,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      Metrics: Match.arrayWith(
        ['Errors', 'Decisions', 'Invocations', 'Throttles'].map((MetricName) =>
          Match.objectLike({
            MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName }), Period: 60 }),
          }),
        ),
      ),
    });
  });

  it('raises an alarm when the credentials are rejected in two of three minutes', () => {
    const { code } = new Fault('introspection_rejected_client', '');

    template.hasResourceProperties(ALARM, {
      MetricName: 'Faults',
      Dimensions: Match.arrayWith([{ Name: 'code', Value: code }]),
      Statistic: 'Sum',
      Period: 60,
      Threshold: 1,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
    });
  });

  it.each([
    [Duration.seconds(3), 1500],
    [Duration.millis(500), 250],
  ])(
    'raises an alarm when the p99 latency reaches half of a timeout of %s',
    (timeout, Threshold) => {
      synthesizeWith(undefined, timeout).hasResourceProperties(ALARM, {
        MetricName: 'IntrospectionLatency',
        ExtendedStatistic: 'p99',
        Period: 300,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 3,
        Threshold,
      });
    },
  );

  it('raises an alarm at 10 token cache faults for each 100 memory cache misses', () => {
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

  it("subtracts 401s from Lambda's errors", () => {
    const alarms = Object.values(template.findResources(ALARM));
    const byErrors = alarms.filter((alarm) => JSON.stringify(alarm).includes('"Errors"'));

    expect(byErrors).toHaveLength(1);
    expect(JSON.stringify(byErrors)).toContain('"Value":"unauthorized"');
  });

  it('uses the configured thresholds', () => {
    const chosen = synthesizeWith(() => ({
      errorRatePercent: 100,
      introspectionLatency: Duration.millis(800),
      tokenCacheFaultPercent: 150,
    }));

    for (const Threshold of [100, 800, 150]) chosen.hasResourceProperties(ALARM, { Threshold });
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
    [{ tokenCacheFaultPercent: 0 }, 'tokenCacheFaultPercent must be more than 0, got: 0'],
  ])('rejects the threshold %j', (options, message) => {
    const stack = new Stack();
    const authorizerFunction = addAuthorizerFunction(stack);
    const error = thrownBy(
      () => new PhantomTokenAlarms(stack, 'Alarms', { authorizerFunction, ...options }),
    );

    expect(error).toBeInstanceOf(PropError);
    expect((error as Error).message).toBe(message);
  });

  it('notifies one topic in the ALARM state and another in the OK state', () => {
    const notifying = synthesizeWith((stack) => ({
      actions: [new SnsAction(new Topic(stack, 'Page'))],
      okActions: [new SnsAction(new Topic(stack, 'Chat'))],
    }));
    const [page, chat] = ['Page', 'Chat'].map((name) => ({
      Ref: Object.keys(notifying.findResources('AWS::SNS::Topic')).find((id) =>
        id.startsWith(name),
      ),
    }));

    notifying.allResourcesProperties(ALARM, { AlarmActions: [page], OKActions: [chat] });
  });

  it('adds alarms for faults of signing, and for keys older than their schedule', () => {
    const minting = synthesizeConstructs((stack) => {
      const keys = new SigningKeysSecret(stack, 'Keys', { rotateAfter: Duration.days(30) });
      new PhantomTokenAlarms(stack, 'Alarms', {
        authorizerFunction: addMintingFunction(stack, keys),
      });
    });

    minting.resourceCountIs(ALARM, 6);
    minting.hasResourceProperties(ALARM, {
      ...{ MetricName: 'SigningFaults', Threshold: 1, Period: 60, Statistic: 'Sum' },
      ...{ EvaluationPeriods: 3, DatapointsToAlarm: 2 },
    });
    minting.hasResourceProperties(ALARM, {
      ...{ MetricName: 'SigningKeyAge', Threshold: 32 * 86_400, Period: 3600 },
      Statistic: 'Maximum',
    });
  });

  it('has no alarm for the age of a key in KMS, which nothing rotates', () => {
    const minting = synthesizeConstructs((stack) => {
      const authorizerFunction = addMintingFunction(stack, new SigningKmsKey(stack, 'Keys'));
      const { signingKeyAge, all } = new PhantomTokenAlarms(stack, 'Alarms', {
        authorizerFunction,
      });

      expect(signingKeyAge).toBeUndefined();
      expect(all).toHaveLength(5);
    });

    minting.resourceCountIs(ALARM, 5);
  });

  it('describes every alarm in full sentences', () => {
    for (const { Properties } of Object.values(template.findResources(ALARM))) {
      expect(Properties.AlarmDescription).toMatch(/^.{40,}\.$/);
    }
  });
});

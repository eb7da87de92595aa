import { Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Fault } from '../../../lambda/core/errors';
import { PhantomTokenAlarms, type PhantomTokenAlarmsProps, PropError } from '../../../lib';
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

describe('the alarms', () => {
  const template = synthesizeWith();

  it('are four, and do nothing unless they are told to', () => {
    const alarms = Object.values(template.findResources(ALARM));

    expect(alarms).toHaveLength(4);
    for (const { Properties } of alarms) {
      expect(Properties.AlarmActions ?? []).toEqual([]);
      expect(Properties.OKActions ?? []).toEqual([]);
    }
  });

  it('take no data for no trouble, and a threshold that is reached for crossed', () => {
    template.allResourcesProperties(ALARM, {
      TreatMissingData: 'notBreaching',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });

  it('go off when a twentieth of the requests had no decision for three minutes', () => {
    template.hasResourceProperties(ALARM, {
      Threshold: 5,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      Metrics: Match.arrayWith(
        ['Invocations', 'Throttles', 'Decisions', 'Errors'].map((MetricName) =>
          Match.objectLike({
            MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName }), Period: 60 }),
          }),
        ),
      ),
    });
  });

  it('go off when our own credentials are rejected, not for one minute of a rotation', () => {
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
  ])('go off when introspections take half of the %s that they may', (timeout, Threshold) => {
    synthesizeWith(undefined, timeout).hasResourceProperties(ALARM, {
      MetricName: 'IntrospectionLatency',
      ExtendedStatistic: 'p99',
      Period: 300,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      Threshold,
    });
  });

  it('go off when the token cache fails for a tenth of those who need it', () => {
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

  it("take from Lambda's own errors the clients with bad tokens", () => {
    const alarms = Object.values(template.findResources(ALARM));
    const byErrors = alarms.filter((alarm) => JSON.stringify(alarm).includes('"Errors"'));

    expect(byErrors).toHaveLength(1);
    expect(JSON.stringify(byErrors)).toContain('"Value":"unauthorized"');
  });

  it('have the thresholds that they are given', () => {
    const chosen = synthesizeWith(() => ({
      undecidedPercent: 100,
      introspectionLatency: Duration.millis(800),
      tokenCacheFaultPercent: 150,
    }));

    for (const Threshold of [100, 800, 150]) chosen.hasResourceProperties(ALARM, { Threshold });
  });

  it.each<[Options, string]>([
    [{ undecidedPercent: 0 }, 'undecidedPercent must be more than 0 and at most 100, but is 0'],
    [{ undecidedPercent: 101 }, 'undecidedPercent must be more than 0 and at most 100, but is 101'],
    [
      { introspectionLatency: Duration.millis(0) },
      'introspectionLatency must be more than 0, but is 0',
    ],
    [{ tokenCacheFaultPercent: 0 }, 'tokenCacheFaultPercent must be more than 0, but is 0'],
  ])('cannot have %j', (options, message) => {
    const stack = new Stack();
    const authorizerFunction = addAuthorizerFunction(stack);
    const error = thrownBy(
      () => new PhantomTokenAlarms(stack, 'Alarms', { authorizerFunction, ...options }),
    );

    expect(error).toBeInstanceOf(PropError);
    expect((error as Error).message).toBe(message);
  });

  it('tell a topic when they go off, and another when all is well', () => {
    const telling = synthesizeWith((stack) => ({
      actions: [new SnsAction(new Topic(stack, 'Page'))],
      okActions: [new SnsAction(new Topic(stack, 'Chat'))],
    }));
    const [page, chat] = ['Page', 'Chat'].map((name) => ({
      Ref: Object.keys(telling.findResources('AWS::SNS::Topic')).find((id) => id.startsWith(name)),
    }));

    telling.allResourcesProperties(ALARM, { AlarmActions: [page], OKActions: [chat] });
  });

  it('say what is wrong, for whoever is woken', () => {
    for (const { Properties } of Object.values(template.findResources(ALARM))) {
      expect(Properties.AlarmDescription).toMatch(/^.{40,}\.$/);
    }
  });
});

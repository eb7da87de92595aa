import type { Template } from 'aws-cdk-lib/assertions';
import { METRIC_NAMESPACE } from '../../../lambda/contract';
import { evaluateMath, type Value } from './metric-math';
import type { MetricStore } from './metric-store';

type State = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** Change of an alarm's state, at the end of a minute. */
export interface Transition {
  readonly minute: number;
  readonly alarm: string;
  readonly state: State;
  /** True if the alarm has actions for the state. */
  readonly notifies: boolean;
}

interface MetricStat {
  readonly Metric: MetricName;
  readonly Period: number;
  readonly Stat: string;
}
interface MetricName {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}
interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: MetricStat;
  readonly ReturnData?: boolean;
}
interface AlarmProperties extends Partial<MetricName> {
  readonly Metrics?: readonly Query[];
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: string;
  readonly AlarmActions?: readonly unknown[];
  readonly OKActions?: readonly unknown[];
  readonly AlarmRule?: string;
}

/**
 * Periods in addition to the evaluation periods that CloudWatch looks at if data is missing. Its
 * documentation shows two.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
const EXTRA_PERIODS = 2;

interface EvaluatorOptions {
  readonly template: Template;
  readonly store: MetricStore;
  /** Minutes after which the metrics of a namespace are visible. */
  readonly delayOf: (namespace: string) => number;
  readonly minutes: number;
}

/** Evaluates the alarms of a template every minute, by the documented rules of CloudWatch. */
export function evaluateAlarms({ template, store, delayOf, minutes }: EvaluatorOptions) {
  const metricAlarms = alarmsOf(template, 'AWS::CloudWatch::Alarm').map(([id, properties]) => {
    return { id, properties, point: dataPoints(properties, store, delayOf) };
  });
  const composites = alarmsOf(template, 'AWS::CloudWatch::CompositeAlarm');
  const states = new Map<string, State>();
  const transitions: Transition[] = [];

  function enter(minute: number, alarm: string, properties: AlarmProperties, state: State): void {
    if (states.get(alarm) === state) return;
    states.set(alarm, state);
    const actions = { ALARM: properties.AlarmActions, OK: properties.OKActions };
    const notifies = state !== 'INSUFFICIENT_DATA' && (actions[state] ?? []).length > 0;
    transitions.push({ minute, alarm, state, notifies });
  }

  for (let minute = 0; minute < minutes; minute += 1) {
    for (const { id, properties, point } of metricAlarms) {
      const current = states.get(id) ?? 'INSUFFICIENT_DATA';
      enter(
        minute,
        id,
        properties,
        nextState(properties, current, (ago) => point(minute, ago)),
      );
    }
    for (const [id, properties] of composites) {
      const causes = [...(properties.AlarmRule ?? '').matchAll(/ALARM\("([^"]+)"\)/g)];
      const isAlarm = causes.some(([, cause = '']) => states.get(cause) === 'ALARM');
      enter(minute, id, properties, isAlarm ? 'ALARM' : 'OK');
    }
  }
  return transitions;
}

/** @param point returns the data point so many periods ago. */
function nextState(alarm: AlarmProperties, current: State, point: (ago: number) => Value): State {
  const { EvaluationPeriods: periods, DatapointsToAlarm: breaching = periods } = alarm;
  const range = Array.from({ length: periods + EXTRA_PERIODS }, (_, ago) => point(ago));
  const existing = range.filter((value) => value !== undefined).slice(0, periods);
  const count = existing.filter((value) => isBreaching(alarm, value)).length;
  if (count >= breaching) return 'ALARM';
  if (existing.length === periods) return 'OK';
  switch (alarm.TreatMissingData) {
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      // Without the missing data the outcome is open, unless enough data is not breaching.
      return existing.length - count > periods - breaching ? 'OK' : current;
    default:
      throw new Error(`TreatMissingData ${alarm.TreatMissingData} is not supported`);
  }
}

function isBreaching({ ComparisonOperator, Threshold }: AlarmProperties, value: number): boolean {
  switch (ComparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= Threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= Threshold;
    default:
      throw new Error(`${ComparisonOperator} is not supported`);
  }
}

type ReadWindow = (last: number, now: number) => Value;

/** Returns the data points of an alarm: the value so many periods before a minute. */
function dataPoints(
  alarm: AlarmProperties,
  store: MetricStore,
  delayOf: EvaluatorOptions['delayOf'],
): (now: number, ago: number) => Value {
  const known = new Map<string, Value>();
  let length = 0;

  function reader(metric: MetricName, seconds: number, statistic: string): ReadWindow {
    const { Namespace: namespace, MetricName: name, Dimensions: list = [] } = metric;
    const dimensions = Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
    const read = store.reader({ namespace, name, dimensions, statistic });
    const delay = delayOf(namespace);
    length = seconds / 60;
    return (last, now) => read(last - seconds / 60 + 1, Math.min(last, now - delay));
  }

  function queryReader(queries: readonly Query[]): ReadWindow {
    const readers = new Map<string, ReadWindow>();
    for (const { Id, MetricStat: stat } of queries) {
      if (stat) readers.set(Id, reader(stat.Metric, stat.Period, stat.Stat));
    }
    const returned = queries.find(({ ReturnData }) => ReturnData !== false);
    return function readQuery(last, now) {
      const evaluate = (id: string): Value => {
        const read = readers.get(id);
        if (read) return read(last, now);
        const expression = queries.find(({ Id }) => Id === id)?.Expression;
        if (expression === undefined) throw new Error(`there is no metric ${id}`);
        return evaluateMath(expression, evaluate);
      };
      return evaluate(returned?.Id ?? '');
    };
  }

  const { Metrics: queries, Statistic = '', ExtendedStatistic = Statistic } = alarm;
  const read = queries
    ? queryReader(queries)
    : reader(alarm as MetricName, alarm.Period ?? 0, ExtendedStatistic);
  const longestDelay = delayOf(METRIC_NAMESPACE);
  return function point(now, ago) {
    const last = now - ago * length;
    const key = `${last} ${Math.min(last, now - longestDelay)}`;
    if (!known.has(key)) known.set(key, read(last, now));
    return known.get(key);
  };
}

function alarmsOf(template: Template, type: string): readonly [string, AlarmProperties][] {
  return Object.entries(template.findResources(type)).map(([id, { Properties }]) => [
    id,
    resolve(Properties) as AlarmProperties,
  ]);
}

/** Replaces references by logical IDs. */
function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, never>;
  if (ref !== undefined) return ref;
  if (attribute !== undefined) return attribute[0];
  if (join !== undefined) return (join[1] as unknown[]).map(resolve).join(join[0]);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part)]));
}

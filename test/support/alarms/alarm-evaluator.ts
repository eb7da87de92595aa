import type { Template } from 'aws-cdk-lib/assertions';
import { METRIC_NAMESPACE } from '../../../lambda/contract';
import { parseMath, type Value } from './metric-math';
import { type MetricStore, smaller } from './metric-store';

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
  const composites = alarmsOf(template, 'AWS::CloudWatch::CompositeAlarm').map(
    ([id, properties]) => {
      const causes = [...(properties.AlarmRule ?? '').matchAll(/ALARM\("([^"]+)"\)/g)];
      return { id, properties, causes: causes.map(([, cause = '']) => cause) };
    },
  );
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
      const state = nextState(properties, current, (ago) => point(minute, ago));
      enter(minute, id, properties, state);
    }
    for (const { id, properties, causes } of composites) {
      const isAlarm = causes.some((cause) => states.get(cause) === 'ALARM');
      enter(minute, id, properties, isAlarm ? 'ALARM' : 'OK');
    }
  }
  return transitions;
}

/** @param point returns the data point so many periods ago. */
function nextState(alarm: AlarmProperties, current: State, point: (ago: number) => Value): State {
  const { EvaluationPeriods: periods, DatapointsToAlarm: breaching = periods } = alarm;
  let [existing, count] = [0, 0];
  for (let ago = 0; ago < periods + EXTRA_PERIODS && existing < periods; ago += 1) {
    const value = point(ago);
    if (value === undefined) continue;
    existing += 1;
    if (isBreaching(alarm, value)) count += 1;
  }
  if (count >= breaching) return 'ALARM';
  if (existing === periods) return 'OK';
  switch (alarm.TreatMissingData) {
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      // Without the missing data the outcome is open, unless enough data is not breaching.
      return existing - count > periods - breaching ? 'OK' : current;
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
  /** Values by the number of minutes that are not visible yet, and by the last minute. */
  const known: Map<number, Value>[] = [];
  let length = 0;

  function reader(metric: MetricName, seconds: number, statistic: string): ReadWindow {
    const { Namespace: namespace, MetricName: name, Dimensions: list = [] } = metric;
    const dimensions = Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
    const read = store.reader({ namespace, name, dimensions, statistic });
    const delay = delayOf(namespace);
    length = seconds / 60;
    return (last, now) => read(last - seconds / 60 + 1, smaller(last, now - delay));
  }

  function queryReader(queries: readonly Query[]): ReadWindow {
    const readers = new Map<string, ReadWindow>();
    const readerOf = (id: string): ReadWindow => {
      const read = readers.get(id);
      if (!read) throw new Error(`there is no metric ${id}`);
      return read;
    };
    for (const { Id, MetricStat: stat, Expression: expression } of queries) {
      if (stat) readers.set(Id, reader(stat.Metric, stat.Period, stat.Stat));
      if (expression === undefined) continue;
      const evaluate = parseMath(expression);
      readers.set(Id, (last, now) => evaluate((id) => readerOf(id)(last, now)));
    }
    return readerOf(queries.find(({ ReturnData }) => ReturnData !== false)?.Id ?? '');
  }

  const { Metrics: queries, Statistic = '', ExtendedStatistic = Statistic } = alarm;
  const read = queries
    ? queryReader(queries)
    : reader(alarm as MetricName, alarm.Period ?? 0, ExtendedStatistic);
  const longestDelay = delayOf(METRIC_NAMESPACE);
  return function point(now, ago) {
    const last = now - ago * length;
    const hidden = last - smaller(last, now - longestDelay);
    known[hidden] ??= new Map();
    const values = known[hidden];
    if (!values.has(last)) values.set(last, read(last, now));
    return values.get(last);
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

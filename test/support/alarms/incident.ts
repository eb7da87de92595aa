import type { Template } from 'aws-cdk-lib/assertions';
import { METRIC_NAMESPACE } from '../../../lambda/contract';
import { evaluateAlarms } from './alarm-evaluator';
import { MetricStore } from './metric-store';
import { type RecordedLines, type RecordedValue, recordLines } from './recorded-lines';

/** Outcomes of the requests of one minute. */
export interface Minute {
  /** Requests by what the authorizer logs of them; a fraction of them may fail. */
  readonly lines?: Partial<Record<keyof RecordedLines, number>>;
  /** Requests that the memory cache serves: invocations without a line. */
  readonly hits?: number;
  /** Requests for which API Gateway cannot invoke the function. */
  readonly notInvoked?: number;
  /** Invocations that crash. */
  readonly crashed?: number;
}

export interface Incident {
  /** Minutes after which log lines are visible, later than other metrics. */
  readonly logDelay?: number;
  readonly minutes: number;
  readonly at: (minute: number) => Minute;
}

/** Kinds of lines of requests that API Gateway responds to with 5xx. */
const FAULTS: readonly string[] = ['timedOut', 'notSent', 'rejected', 'malformed'];

/** Lines that are not of a request. */
const WITHOUT_REQUEST: readonly string[] = ['expiring'];

/** Notification of an alarm, in minutes from the start of the simulation. */
export interface Notification {
  readonly minute: number;
  readonly alarm: string;
  readonly state: string;
}

/**
 * Feeds the metrics of an incident to the alarms of a template.
 *
 * @param names the function, and the API as CloudWatch names it.
 */
export function simulate(
  template: Template,
  names: { readonly functionName: string; readonly apiName: string },
  { logDelay = 0, minutes, at }: Incident,
): Notification[] {
  const lines = recordLines(names.functionName);
  const store = new MetricStore();
  const lambda = { FunctionName: names.functionName };
  const gateway = { ApiName: names.apiName };

  function replay(values: readonly RecordedValue[], minute: number, weight: number): void {
    for (const { namespace, name, dimensions, value } of values) {
      store.add(namespace, name, dimensions, { minute, value, weight });
    }
  }

  for (let minute = 0; minute < minutes; minute += 1) {
    const { lines: counts = {}, hits = 0, notInvoked = 0, crashed = 0 } = at(minute);
    const entries = Object.entries(counts) as [keyof RecordedLines, number][];
    for (const [kind, count] of entries) replay(lines[kind], minute, count);
    const sum = (selected: (kind: string) => boolean) =>
      entries.reduce((total, [kind, count]) => total + (selected(kind) ? count : 0), 0);
    const faults = sum((kind) => FAULTS.includes(kind));
    const denied = sum((kind) => kind === 'denied');
    const invocations = sum((kind) => !WITHOUT_REQUEST.includes(kind)) + hits + crashed;
    const count = (
      namespace: string,
      name: string,
      dimensions: object,
      value: number,
      of: number,
    ) => {
      if (of > 0)
        store.add(namespace, name, { ...dimensions }, { minute, value: value / of, weight: of });
    };
    count('AWS/Lambda', 'Invocations', lambda, invocations, invocations);
    count('AWS/Lambda', 'Errors', lambda, faults + denied + crashed, invocations);
    count('AWS/Lambda', 'Throttles', lambda, 0, invocations);
    const requests = invocations + notInvoked;
    count('AWS/ApiGateway', 'Count', gateway, requests, requests);
    count('AWS/ApiGateway', '5XXError', gateway, faults + crashed + notInvoked, requests);
  }
  return evaluateAlarms({
    template,
    store,
    minutes,
    delayOf: (namespace) => (namespace === METRIC_NAMESPACE ? logDelay : 0),
  })
    .filter(({ notifies }) => notifies)
    .map(({ minute, alarm, state }) => ({
      minute,
      alarm: alarm.replace(/^Alarms|[0-9A-F]{8}$/g, ''),
      state,
    }));
}

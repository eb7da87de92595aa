import type { Template } from 'aws-cdk-lib/assertions';
import { METRIC_NAMESPACE } from '../../../lambda/contract';
import { evaluateAlarms } from './alarm-evaluator';
import { type Dimensions, MetricStore } from './metric-store';
import { type RecordedLines, recordLines } from './recorded-lines';

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
  const store = new MetricStore();
  const writer = (namespace: string, name: string, dimensions: Dimensions) =>
    store.writer({ namespace, name, dimensions });
  const lambda = { FunctionName: names.functionName };
  const gateway = { ApiName: names.apiName };
  const write = {
    invocations: writer('AWS/Lambda', 'Invocations', lambda),
    errors: writer('AWS/Lambda', 'Errors', lambda),
    throttles: writer('AWS/Lambda', 'Throttles', lambda),
    requests: writer('AWS/ApiGateway', 'Count', gateway),
    serverErrors: writer('AWS/ApiGateway', '5XXError', gateway),
  };
  const lines = Object.entries(recordLines(names.functionName)).map(([kind, values]) => ({
    kind: kind as keyof RecordedLines,
    values: values.map(({ value, ...metric }) => ({ value, add: store.writer(metric) })),
  }));

  for (let minute = 0; minute < minutes; minute += 1) {
    const { lines: counts = {}, hits = 0, notInvoked = 0, crashed = 0 } = at(minute);
    let [faults, denied, invocations] = [0, 0, hits + crashed];
    for (const { kind, values } of lines) {
      const weight = counts[kind] ?? 0;
      for (const { value, add } of values) add({ minute, value, weight });
      if (FAULTS.includes(kind)) faults += weight;
      if (kind === 'denied') denied += weight;
      if (!WITHOUT_REQUEST.includes(kind)) invocations += weight;
    }
    const requests = invocations + notInvoked;
    const share = (count: number, of: number) => ({ minute, value: count / of, weight: of });
    write.invocations(share(invocations, invocations));
    write.errors(share(faults + denied + crashed, invocations));
    write.throttles(share(0, invocations));
    write.requests(share(requests, requests));
    write.serverErrors(share(faults + crashed + notInvoked, requests));
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

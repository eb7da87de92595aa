import { Duration, Stack } from 'aws-cdk-lib';
import { type IMetric, type MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE } from '../../../lambda/contract';
import type { Decision, Source } from '../../../lambda/core/decision';
import { DecisionSource, Outcome, PropError } from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';

const stack = new Stack();
const authorizer = addAuthorizerFunction(stack);
const { functionName } = authorizer.lambdaFunction;

/** As a template would have it. */
function stat(metric: IMetric) {
  const { metricStat } = metric.toMetricConfig();
  return {
    namespace: metricStat?.namespace,
    name: metricStat?.metricName,
    statistic: metricStat?.statistic,
    dimensions: Object.fromEntries(
      (metricStat?.dimensions ?? []).map(({ name, value }) => [name, value]),
    ),
  };
}
const ours = { namespace: METRIC_NAMESPACE, statistic: 'Sum' };
const dimensions = { function_name: functionName };

describe('metrics of the authorizer function', () => {
  it.each<[string, Metric, object]>([
    ['Decisions', authorizer.metricDecisions(), {}],
    ['Decisions', authorizer.metricDecisions({ outcome: Outcome.ALLOW }), { outcome: 'allow' }],
    [
      'Decisions',
      authorizer.metricDecisions({ source: DecisionSource.TOKEN_CACHE }),
      { source: 'token_cache' },
    ],
    ['Faults', authorizer.metricFaults(), {}],
    ['Faults', authorizer.metricFaults({ code: 'event_invalid' }), { code: 'event_invalid' }],
    ['TokenCacheFaults', authorizer.metricTokenCacheFaults(), {}],
    ['CredentialRereads', authorizer.metricCredentialRereads(), {}],
    ['ColdStarts', authorizer.metricColdStarts(), {}],
  ])('%s are summed up, by the function and what else is asked for', (name, metric, more) => {
    expect(stat(metric)).toEqual({ ...ours, name, dimensions: { ...dimensions, ...more } });
  });

  it('has the 99th percentile of the latency of introspections, unless asked for another', () => {
    const latency = { ...ours, name: 'IntrospectionLatency', dimensions };

    expect(stat(authorizer.metricIntrospectionLatency())).toEqual({ ...latency, statistic: 'p99' });
    expect(stat(authorizer.metricIntrospectionLatency({ statistic: 'p50' }))).toEqual({
      ...latency,
      statistic: 'p50',
    });
  });

  it('has no metric by outcome and source at once, for CloudWatch has none', () => {
    expect(() =>
      authorizer.metricDecisions({ outcome: Outcome.ALLOW, source: DecisionSource.MEMORY }),
    ).toThrow(PropError);
  });

  it('knows every outcome and source that there is', () => {
    const outcomes: Record<Decision['outcome'], true> = {
      allow: true,
      forbidden: true,
      unauthorized: true,
    };
    const sources: Record<Source, true> = {
      introspection: true,
      memory: true,
      request: true,
      token_cache: true,
    };

    expect(Object.values(Outcome).sort()).toEqual(Object.keys(outcomes));
    expect(Object.values(DecisionSource).sort()).toEqual(Object.keys(sources));
  });
});

/** What an expression comes to, for these sums of its metrics; absent ones have no data. */
function evaluate(expression: MathExpression, sums: Readonly<Record<string, number>>): number {
  const named = Object.entries(expression.usingMetrics).map(([id, metric]) => {
    const { name, dimensions: by } = stat(metric);
    const more = Object.entries(by).filter(([key]) => !/^function_?name$/i.test(key));
    return [id, sums[[name, ...more.map(([, value]) => value)].join(' ')]] as const;
  });
  const source = expression.expression.replaceAll('IF(', 'ifElse(').replaceAll('FILL(', 'fill(');
  const ids = named.map(([id]) => id);
  const compute = new Function('ifElse', 'fill', ...ids, `return ${source}`);
  return compute(
    (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
    (value: number | undefined, missing: number) => value ?? missing,
    ...named.map(([, value]) => value),
  );
}

describe('what is made of metrics', () => {
  it('counts hits of the memory cache: invocations that left no trace', () => {
    const hits = authorizer.metricMemoryHits();

    // Of the errors ten were told to API Gateway as 401, and five were faults or crashes.
    const sums = { Invocations: 100, Decisions: 30, 'Decisions unauthorized': 10, Errors: 15 };
    expect(evaluate(hits, sums)).toBe(65);
    expect(evaluate(hits, { Invocations: 100 })).toBe(100);
    // Counted apart at the edge of a period.
    expect(evaluate(hits, { Invocations: 3, Decisions: 4 })).toBe(0);
  });

  it('has the share decided from memory, of the requests that brought a token', () => {
    expect(
      evaluate(authorizer.metricMemoryHitPercent(), {
        Invocations: 120,
        Decisions: 60,
        'Decisions unauthorized': 25,
        Errors: 35,
        'Decisions memory': 10,
        'Decisions request': 20,
      }),
    ).toBe(60);
  });

  it('has the share that the token cache knew, of those that memory did not know', () => {
    const hits = authorizer.metricTokenCacheHitPercent();

    expect(evaluate(hits, { 'Decisions token_cache': 30, 'Decisions introspection': 10 })).toBe(75);
    // No quotient, and so no data.
    expect(evaluate(hits, {})).toBeNaN();
  });

  it('has the share that got no decision, throttled requests among them', () => {
    const undecided = authorizer.metricUndecidedPercent();

    const sums = { Invocations: 90, Throttles: 10, Errors: 40, 'Decisions unauthorized': 25 };
    expect(evaluate(undecided, sums)).toBe(25);
    // Clients with bad tokens are decided upon.
    expect(evaluate(undecided, { Invocations: 9, Errors: 9, 'Decisions unauthorized': 9 })).toBe(0);
    // A function that runs out of time says nothing of its own.
    expect(evaluate(undecided, { Invocations: 10, Errors: 10 })).toBe(100);
    expect(evaluate(undecided, { Invocations: 50 })).toBe(0);
    expect(evaluate(undecided, { Throttles: 5 })).toBe(100);
  });

  it('has faults of the token cache by the requests that needed it', () => {
    expect(
      evaluate(authorizer.metricTokenCacheFaultPercent(), {
        'Decisions token_cache': 30,
        'Decisions introspection': 10,
        TokenCacheFaults: 4,
      }),
    ).toBe(10);
  });

  it('is named, and has the period and name that it is given in all its parts', () => {
    const period = Duration.minutes(1);
    const chosen = authorizer.metricUndecidedPercent({ period, label: 'failed' });

    expect(authorizer.metricUndecidedPercent()).toMatchObject({
      label: 'undecided',
      period: Duration.minutes(5),
    });
    expect(chosen).toMatchObject({ label: 'failed', period });
    for (const metric of Object.values(chosen.usingMetrics)) {
      expect(metric).toBeInstanceOf(Metric);
      expect(metric.toMetricConfig().metricStat?.period.toSeconds()).toBe(60);
    }
  });
});

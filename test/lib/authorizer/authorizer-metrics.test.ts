import { Duration } from 'aws-cdk-lib';
import { type IMetric, type MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE } from '../../../lambda/contract';
import type { Decision, Source } from '../../../lambda/core/decision';
import { DecisionSource, Outcome, PropError } from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { newStack } from '../../support/synthesize';

const stack = newStack();
const authorizer = addAuthorizerFunction(stack);
const { functionName } = authorizer.lambdaFunction;

/** Returns the properties of a metric that a template would contain. */
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

describe('AuthorizerMetrics', () => {
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
    ['TokenCacheOperations', authorizer.metricTokenCacheOperations(), {}],
    ['IntrospectionsSkipped', authorizer.metricIntrospectionsSkipped(), {}],
    ['SecretReadFailures', authorizer.metricSecretReadFailures(), {}],
    ['CredentialRereads', authorizer.metricCredentialRereads(), {}],
    ['ColdStarts', authorizer.metricColdStarts(), {}],
  ])('sums %s by function and by the requested dimension', (name, metric, more) => {
    expect(stat(metric)).toEqual({ ...ours, name, dimensions: { ...dimensions, ...more } });
  });

  it('returns the p99 latency of introspections by default', () => {
    const latency = { ...ours, name: 'IntrospectionLatency', dimensions };

    expect(stat(authorizer.metricIntrospectionLatency())).toEqual({ ...latency, statistic: 'p99' });
    expect(stat(authorizer.metricIntrospectionLatency({ statistic: 'p50' }))).toEqual({
      ...latency,
      statistic: 'p50',
    });
  });

  it('returns the greatest age of the secret and the first expiry by default', () => {
    expect(stat(authorizer.metricSecretAge())).toMatchObject({
      name: 'SecretAgeDays',
      statistic: 'Maximum',
    });
    expect(stat(authorizer.metricDaysToExpiry())).toMatchObject({
      name: 'DaysToExpiry',
      statistic: 'Minimum',
    });
  });

  it('rejects a metric by outcome and source together', () => {
    expect(() =>
      authorizer.metricDecisions({ outcome: Outcome.ALLOW, source: DecisionSource.MEMORY }),
    ).toThrow(PropError);
  });

  it('lists every outcome and source that the authorizer reports', () => {
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

/** Returns the value of an expression for the sums of its metrics. A missing sum means no data. */
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

describe('calculated metrics', () => {
  it('calculates memory hits as invocations − errors − decisions other than 401', () => {
    const hits = authorizer.metricMemoryHits();

    // Ten of the errors are 401s, and five are faults or crashes.
    const sums = { Invocations: 100, Decisions: 30, 'Decisions unauthorized': 10, Errors: 15 };
    expect(evaluate(hits, sums)).toBe(65);
    expect(evaluate(hits, { Invocations: 100 })).toBe(100);
    // The data points of a request are in different periods.
    expect(evaluate(hits, { Invocations: 3, Decisions: 4 })).toBe(0);
  });

  it('calculates the hit ratio of the memory cache for requests with a token', () => {
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

  it('calculates the hit ratio of the token cache for misses of the memory cache', () => {
    const hits = authorizer.metricTokenCacheHitPercent();

    expect(evaluate(hits, { 'Decisions token_cache': 30, 'Decisions introspection': 10 })).toBe(75);
    // A division by zero yields no data.
    expect(evaluate(hits, {})).toBeNaN();
  });

  it('calculates the error rate from faults, crashes and throttles', () => {
    const errorRate = authorizer.metricErrorRate();

    const sums = { Invocations: 90, Throttles: 10, Errors: 40, 'Decisions unauthorized': 25 };
    expect(evaluate(errorRate, sums)).toBe(25);
    // A 401 is a decision.
    expect(evaluate(errorRate, { Invocations: 9, Errors: 9, 'Decisions unauthorized': 9 })).toBe(0);
    // An invocation that timed out emits no metrics of its own.
    expect(evaluate(errorRate, { Invocations: 10, Errors: 10 })).toBe(100);
    expect(evaluate(errorRate, { Invocations: 50 })).toBe(0);
    expect(evaluate(errorRate, { Throttles: 5 })).toBe(100);
  });

  it('calculates token cache faults in percent of the operations', () => {
    const sums = { TokenCacheOperations: 40, TokenCacheFaults: 4 };
    expect(evaluate(authorizer.metricTokenCacheFaultPercent(), sums)).toBe(10);
    const all = { TokenCacheOperations: 3, TokenCacheFaults: 3 };
    expect(evaluate(authorizer.metricTokenCacheFaultPercent(), all)).toBe(100);
  });

  it('calculates the share of faults without 401s whose log line is late', () => {
    const late = { Invocations: 10, Errors: 10 };
    expect(evaluate(authorizer.metricFaultPercent(), late)).toBe(0);
    expect(evaluate(authorizer.metricFaultPercent(), { ...late, Faults: 5 })).toBe(50);
    expect(evaluate(authorizer.metricFaultPercent(), { Invocations: 1, Faults: 2 })).toBe(100);
  });

  it('calculates crashes as errors that are neither 401s nor faults', () => {
    const sums = { Errors: 10, 'Decisions unauthorized': 4, Faults: 5 };
    expect(evaluate(authorizer.metricCrashes(), sums)).toBe(1);
    expect(evaluate(authorizer.metricCrashes(), { Errors: 4, Faults: 5 })).toBe(0);
  });

  it('calculates the share of requests that refused credentials fail, of both codes', () => {
    const sums = {
      Invocations: 10,
      'Faults introspection_rejected_client': 1,
      'Faults credentials_invalid': 2,
    };
    expect(evaluate(authorizer.metricClientRejectedPercent(), sums)).toBe(30);
  });

  it('applies period and label to a calculated metric', () => {
    const period = Duration.minutes(1);
    const chosen = authorizer.metricErrorRate({ period, label: 'failed' });

    expect(authorizer.metricErrorRate()).toMatchObject({
      label: 'error rate',
      period: Duration.minutes(5),
    });
    expect(chosen).toMatchObject({ label: 'failed', period });
    for (const metric of Object.values(chosen.usingMetrics)) {
      expect(metric).toBeInstanceOf(Metric);
      expect(metric.toMetricConfig().metricStat?.period.toSeconds()).toBe(60);
    }
  });
});

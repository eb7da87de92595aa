import type { Duration } from 'aws-cdk-lib';
import {
  type IMetric,
  MathExpression,
  Metric,
  type MetricOptions,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE, MetricDimension, Metric as Name } from '../../lambda/contract';
import { PropError } from '../validation/prop-error';

/** How a request was decided. */
export enum Outcome {
  /** It was let through. */
  ALLOW = 'allow',
  /** Its token was missing or no good: 401. */
  UNAUTHORIZED = 'unauthorized',
  /** Its token lacked a scope: 403. */
  FORBIDDEN = 'forbidden',
}

/** Where the facts of a decision came from. */
export enum DecisionSource {
  /** The request alone told. */
  REQUEST = 'request',
  /** The memory of the execution environment; tokens that were let through are not counted here. */
  MEMORY = 'memory',
  /** The token cache. */
  TOKEN_CACHE = 'token_cache',
  /** The authorization server. */
  INTROSPECTION = 'introspection',
}

/** Which decisions are counted. */
export interface DecisionMetricOptions extends MetricOptions {
  /**
   * Only decisions of this outcome. Metrics know outcome or source, not both.
   *
   * @default - all
   */
  readonly outcome?: Outcome;
  /**
   * Only decisions from this source.
   *
   * @default - all
   */
  readonly source?: DecisionSource;
}

/** Which faults are counted. */
export interface FaultMetricOptions extends MetricOptions {
  /**
   * Only faults of this code, the `code` of the log.
   *
   * @default - all
   */
  readonly code?: string;
}

/** Period and name of a metric that is made of others. */
export interface ExpressionOptions {
  /**
   * The period of every metric in it.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;
  /**
   * How it is named in a graph.
   *
   * @default - the name of what it says
   */
  readonly label?: string;
}

/**
 * The metrics of an authorizer function. CloudWatch has them once there is something to count. A sum over
 * five minutes is the default of those that count.
 *
 * Lambda's own `Errors` counts each 401 too, for that is how API Gateway is told of one; what is left of it
 * without them are requests that got no decision, those among them whose function died without a word.
 */
export abstract class AuthorizerMetrics extends Construct {
  /** The Lambda function itself. */
  abstract readonly lambdaFunction: LambdaFunction;

  /** Requests that were decided with work; hits of the memory cache that were let through are not. */
  metricDecisions({ outcome, source, ...options }: DecisionMetricOptions = {}): Metric {
    if (outcome && source) {
      throw new PropError(
        `outcome and source must not be given both, but are ${outcome} and ${source}`,
      );
    }
    return this.metric(Name.decisions, options, {
      ...(outcome && { [MetricDimension.outcome]: outcome }),
      ...(source && { [MetricDimension.source]: source }),
    });
  }

  /** Requests that could not be decided, for a reason that is nobody's token. */
  metricFaults({ code, ...options }: FaultMetricOptions = {}): Metric {
    return this.metric(Name.faults, options, { ...(code && { [MetricDimension.code]: code }) });
  }

  /** How long introspections took, in milliseconds; the 99th percentile unless told otherwise. */
  metricIntrospectionLatency(options: MetricOptions = {}): Metric {
    return this.metric(Name.introspectionLatency, { statistic: 'p99', ...options });
  }

  /** Operations that went on without the token cache: it failed, came too late or was left alone. */
  metricTokenCacheFaults(options: MetricOptions = {}): Metric {
    return this.metric(Name.tokenCacheFaults, options);
  }

  /** How often a rejection by the authorization server made the function read the secret again. */
  metricCredentialRereads(options: MetricOptions = {}): Metric {
    return this.metric(Name.credentialRereads, options);
  }

  /** Execution environments that decided their first request. */
  metricColdStarts(options: MetricOptions = {}): Metric {
    return this.metric(Name.coldStarts, options);
  }

  /** Requests let through from memory. They leave no trace but an invocation that nothing else counts. */
  metricMemoryHits(options: ExpressionOptions = {}): MathExpression {
    return this.expression(MEMORY_HITS, 'idux', { label: 'memory hits', ...options });
  }

  /** Of the requests with a token, the share decided from memory, in percent. */
  metricMemoryHitPercent(options: ExpressionOptions = {}): MathExpression {
    const formula = `100 * (${MEMORY_HITS} + m) / (i - r)`;
    return this.expression(formula, 'iduxmr', { label: 'memory cache', ...options });
  }

  /** Of the requests decided by token cache or introspection, the share of the former, in percent. */
  metricTokenCacheHitPercent(options: ExpressionOptions = {}): MathExpression {
    return this.expression('100 * c / (c + s)', 'cs', { label: 'token cache', ...options });
  }

  /**
   * The share of requests that got no decision, in percent: for a fault, because the function ended without
   * an answer (out of time or memory), or because Lambda throttled.
   */
  metricUndecidedPercent(options: ExpressionOptions = {}): MathExpression {
    const formula = '100 * (IF(x > u, x - u, 0) + t) / (i + t)';
    return this.expression(formula, 'xuit', { label: 'undecided', ...options });
  }

  /** Faults of the token cache for a hundred requests that took it or an introspection. */
  metricTokenCacheFaultPercent(options: ExpressionOptions = {}): MathExpression {
    const formula = '100 * e / (c + s)';
    return this.expression(formula, 'ecs', { label: 'token cache faults', ...options });
  }

  /** @param names the one-letter names of the metrics in the formula */
  private expression(formula: string, names: string, options: ExpressionOptions): MathExpression {
    const by = (source: DecisionSource) => this.metricDecisions({ source });
    const metrics: Readonly<Record<string, IMetric>> = {
      c: by(DecisionSource.TOKEN_CACHE),
      d: this.metricDecisions(),
      e: this.metricTokenCacheFaults(),
      i: this.lambdaFunction.metricInvocations(),
      m: by(DecisionSource.MEMORY),
      r: by(DecisionSource.REQUEST),
      s: by(DecisionSource.INTROSPECTION),
      t: this.lambdaFunction.metricThrottles(),
      u: this.metricDecisions({ outcome: Outcome.UNAUTHORIZED }),
      x: this.lambdaFunction.metricErrors(),
    };
    return new MathExpression({
      ...options,
      // What was not counted in a period has no data there, and stands for zero.
      expression: formula.replace(/\b[a-z]\b/g, (name) => `FILL(${name}, 0)`),
      usingMetrics: Object.fromEntries(
        Object.entries(metrics).filter(([name]) => names.includes(name)),
      ),
    });
  }

  private metric(
    metricName: string,
    options: MetricOptions,
    dimensions: Readonly<Record<string, string>> = {},
  ): Metric {
    return new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      statistic: 'Sum',
      ...options,
      dimensionsMap: {
        [MetricDimension.functionName]: this.lambdaFunction.functionName,
        ...dimensions,
      },
    });
  }
}

/**
 * Invocations that neither failed nor were told of. A 401 is both, and taken off once. At the edges of a
 * period they may be counted apart: not less than none.
 */
const MEMORY_HITS = 'IF(i + u > x + d, i + u - x - d, 0)';

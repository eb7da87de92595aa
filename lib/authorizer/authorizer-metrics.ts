import { type MathExpression, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE, MetricDimension, Metric as Name } from '../../lambda/contract';
import { PropError } from '../validation/prop-error';
import {
  type DecisionMetricOptions,
  DecisionSource,
  type FaultMetricOptions,
  Outcome,
} from './decision-metric-options';
import {
  CRASHES,
  type ExpressionOptions,
  expression,
  MEMORY_HITS,
  REQUESTS,
} from './metric-expression';

/**
 * The metrics of an authorizer function. A metric exists in CloudWatch after its first data point.
 * Counters default to the sum over five minutes.
 *
 * Lambda's metric `Errors` includes every 401, since an authorizer reports a 401 to API Gateway as an
 * error. Errors minus 401s are the requests without a decision, including invocations that crashed or
 * timed out.
 */
export abstract class AuthorizerMetrics extends Construct {
  /** The Lambda function itself. */
  abstract readonly lambdaFunction: LambdaFunction;

  /**
   * Returns the number of decisions, except allowed requests that the memory cache served.
   *
   * @throws PropError if both `outcome` and `source` are specified.
   */
  metricDecisions({ outcome, source, ...options }: DecisionMetricOptions = {}): Metric {
    if (outcome && source) {
      throw new PropError(
        `outcome and source must not be specified together, got: ${outcome} and ${source}`,
      );
    }
    return this.metric(Name.decisions, options, {
      ...(outcome && { [MetricDimension.outcome]: outcome }),
      ...(source && { [MetricDimension.source]: source }),
    });
  }

  /** Returns the number of requests without a decision because of a fault. */
  metricFaults({ code, ...options }: FaultMetricOptions = {}): Metric {
    return this.metric(Name.faults, options, { ...(code && { [MetricDimension.code]: code }) });
  }

  /** Returns the latency of introspections in milliseconds, by default the 99th percentile. */
  metricIntrospectionLatency(options: MetricOptions = {}): Metric {
    return this.metric(Name.introspectionLatency, { statistic: 'p99', ...options });
  }

  /** Returns the number of introspections that were not sent because the circuit was open. */
  metricIntrospectionsSkipped(options: MetricOptions = {}): Metric {
    return this.metric(Name.introspectionsSkipped, options);
  }

  /** Returns the number of token cache operations, including those that failed. */
  metricTokenCacheOperations(options: MetricOptions = {}): Metric {
    return this.metric(Name.tokenCacheOperations, options);
  }

  /**
   * Returns the number of token cache operations that failed, timed out or were skipped (circuit open).
   */
  metricTokenCacheFaults(options: MetricOptions = {}): Metric {
    return this.metric(Name.tokenCacheFaults, options);
  }

  /**
   * Returns the number of rereads of the secret after the authorization server rejected the credentials.
   */
  metricCredentialRereads(options: MetricOptions = {}): Metric {
    return this.metric(Name.credentialRereads, options);
  }

  /** Returns the number of DPoP proofs that were used before, each of which gave 401. */
  metricReplayedProofs(options: MetricOptions = {}): Metric {
    return this.metric(Name.replayedProofs, options);
  }

  /** Returns the number of requests without a decision because no phantom token could be signed. */
  metricSigningFaults(options: MetricOptions = {}): Metric {
    return this.metric(Name.signingFaults, options);
  }

  /** Returns the age of the key that signs phantom tokens in days. */
  metricSigningKeyAge(options: MetricOptions = {}): Metric {
    return this.metric(Name.signingKeyAgeDays, { statistic: 'Maximum', ...options });
  }

  /** Returns the number of reads of the secret that failed while earlier credentials were in use. */
  metricSecretReadFailures(options: MetricOptions = {}): Metric {
    return this.metric(Name.secretReadFailures, options);
  }

  /** Returns the age of the secret's current version in days. */
  metricSecretAge(options: MetricOptions = {}): Metric {
    return this.metric(Name.secretAgeDays, { statistic: 'Maximum', ...options });
  }

  /** Returns the days until the first of the client certificate and the CA certificates expires. */
  metricDaysToExpiry(options: MetricOptions = {}): Metric {
    return this.metric(Name.daysToExpiry, { statistic: 'Minimum', ...options });
  }

  /** Returns the number of cold starts: execution environments that handled their first request. */
  metricColdStarts(options: MetricOptions = {}): Metric {
    return this.metric(Name.coldStarts, options);
  }

  /**
   * Returns the number of allowed requests that the memory cache served. They are not counted as
   * decisions.
   */
  metricMemoryHits(options: ExpressionOptions = {}): MathExpression {
    const label = 'memory hits';
    return expression(MEMORY_HITS, this.memoryHitTerms(), { label, ...options });
  }

  /** Returns the hit ratio of the memory cache, in percent of the requests with an access token. */
  metricMemoryHitPercent(options: ExpressionOptions = {}): MathExpression {
    const formula = `100 * (${MEMORY_HITS} + fromMemory) / (invocations - fromRequest)`;
    const terms = {
      ...this.memoryHitTerms(),
      fromMemory: this.metricDecisions({ source: DecisionSource.MEMORY }),
      fromRequest: this.metricDecisions({ source: DecisionSource.REQUEST }),
    };
    return expression(formula, terms, { label: 'memory cache', ...options });
  }

  /**
   * Returns the hit ratio of the token cache, in percent of the requests that missed the memory cache.
   */
  metricTokenCacheHitPercent(options: ExpressionOptions = {}): MathExpression {
    const formula = '100 * fromTokenCache / (fromTokenCache + fromIntrospection)';
    return expression(formula, this.memoryMissTerms(), { label: 'token cache', ...options });
  }

  /**
   * Returns the error rate: the percentage of requests without a decision. Causes are faults, invocations
   * that crashed or timed out, and throttling by Lambda.
   *
   * Lambda counts a 401 as an error, too. While its log line is on the way to CloudWatch, it looks like a crash:
   * over less than an hour use {@link metricFaultPercent}.
   */
  metricErrorRate(options: ExpressionOptions = {}): MathExpression {
    const formula = `100 * (faults + ${CRASHES} + throttles) / ${REQUESTS}`;
    const terms = { ...this.requestTerms(), ...this.crashTerms() };
    return expression(formula, terms, { label: 'error rate', ...options });
  }

  /** Returns the percentage of requests that failed because of a fault or throttling by Lambda. */
  metricFaultPercent(options: ExpressionOptions = {}): MathExpression {
    const formula = `100 * (faults + throttles) / ${REQUESTS}`;
    return expression(formula, this.requestTerms(), { label: 'faults', ...options });
  }

  /** Returns the number of requests that reached the authorizer, including those that Lambda throttled. */
  metricRequests(options: ExpressionOptions = {}): MathExpression {
    return expression(REQUESTS, this.requestTerms(), { label: 'requests', ...options });
  }

  /** Returns the number of invocations that crashed or timed out: Lambda's errors without 401s and faults. */
  metricCrashes(options: ExpressionOptions = {}): MathExpression {
    return expression(CRASHES, this.crashTerms(), { label: 'crashed or timed out', ...options });
  }

  /**
   * Returns the percentage of requests without a decision because the authorizer's own credentials were
   * refused: by the authorization server, in the TLS handshake, or since the secret is malformed.
   */
  metricClientRejectedPercent(options: ExpressionOptions = {}): MathExpression {
    const terms = {
      ...this.requestTerms(),
      rejected: this.metricFaults({ code: 'introspection_rejected_client' }),
      malformed: this.metricFaults({ code: 'credentials_invalid' }),
    };
    const formula = `100 * (rejected + malformed) / ${REQUESTS}`;
    return expression(formula, terms, { label: 'client rejected', ...options });
  }

  /** Returns the percentage of token cache operations that failed, timed out or were skipped. */
  metricTokenCacheFaultPercent(options: ExpressionOptions = {}): MathExpression {
    const formula = '100 * faults / operations';
    const terms = {
      faults: this.metricTokenCacheFaults(),
      operations: this.metricTokenCacheOperations(),
    };
    return expression(formula, terms, { label: 'token cache faults', ...options });
  }

  private requestTerms() {
    return {
      invocations: this.lambdaFunction.metricInvocations(),
      throttles: this.lambdaFunction.metricThrottles(),
      faults: this.metricFaults(),
    };
  }

  private crashTerms() {
    return {
      errors: this.lambdaFunction.metricErrors(),
      unauthorized: this.metricDecisions({ outcome: Outcome.UNAUTHORIZED }),
      faults: this.metricFaults(),
    };
  }

  private memoryHitTerms() {
    return {
      invocations: this.lambdaFunction.metricInvocations(),
      errors: this.lambdaFunction.metricErrors(),
      decisions: this.metricDecisions(),
      unauthorized: this.metricDecisions({ outcome: Outcome.UNAUTHORIZED }),
    };
  }

  private memoryMissTerms() {
    return {
      fromTokenCache: this.metricDecisions({ source: DecisionSource.TOKEN_CACHE }),
      fromIntrospection: this.metricDecisions({ source: DecisionSource.INTROSPECTION }),
    };
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

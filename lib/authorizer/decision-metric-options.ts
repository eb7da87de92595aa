import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

/** Outcome of a decision. */
export enum Outcome {
  /** The request was allowed. */
  ALLOW = 'allow',
  /** The access token was missing or invalid: 401. */
  UNAUTHORIZED = 'unauthorized',
  /** The access token lacked a scope: 403. */
  FORBIDDEN = 'forbidden',
}

/** Source of the facts of a decision. */
export enum DecisionSource {
  /** The request alone, such as one without a well-formed access token. */
  REQUEST = 'request',
  /** The memory cache. Allowed requests of this source are not counted. */
  MEMORY = 'memory',
  /** The token cache. */
  TOKEN_CACHE = 'token_cache',
  /** The authorization server. */
  INTROSPECTION = 'introspection',
}

/** Options of the metric of decisions. */
export interface DecisionMetricOptions extends MetricOptions {
  /**
   * Outcome to count. It cannot be combined with `source`.
   *
   * @default - all outcomes
   */
  readonly outcome?: Outcome;
  /**
   * Source to count. It cannot be combined with `outcome`.
   *
   * @default - all sources
   */
  readonly source?: DecisionSource;
}

/** Options of the metric of faults. */
export interface FaultMetricOptions extends MetricOptions {
  /**
   * Fault code to count, as in the field `code` of the log.
   *
   * @default - all codes
   */
  readonly code?: string;
}

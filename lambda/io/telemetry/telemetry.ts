import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { Metric } from '../../contract';
import type { Comparison } from '../../core/comparison';
import type { Decision, Source } from '../../core/decision';
import { Fault } from '../../core/errors';
import type { MatchedRoute } from '../../core/gateway-request';
import type { TableOperation } from '../aws/table-circuit-breaker';
import { causeFields, faultLine } from './error-fields';
import { createLogWindow } from './log-window';
import { createMetricsLogger } from './metrics-logger';
import { createPendingMetrics } from './pending-metrics';

/** A request, as far as log lines name it. Requests can be concurrent. */
export interface LoggedRequest extends Partial<MatchedRoute> {
  readonly context: Context;
  readonly apiRequestId: string;
  /** Trace context of the client, validated. */
  readonly traceparent?: string;
}

/** Certificates whose expiry is reported. */
export type Material = 'client_certificate' | 'ca_bundle';

/** Time before its expiry from which a certificate is reported with a warning, in days. */
const EXPIRY_WARNING_DAYS = 30;

/**
 * One structured line per decision that did work, which carries the metrics too; never a token, a JWT or a
 * secret.
 */
export interface Telemetry {
  /** Configures fields of all later lines: the authorization server, and whether identities are logged. */
  configure(settings: {
    readonly introspectionHost: string;
    readonly logIdentities: boolean;
  }): void;
  /** Runs the work of a request. All lines that are logged meanwhile name the request. */
  during<T>(request: LoggedRequest, work: () => Promise<T>): Promise<T>;
  logDecision(request: LoggedRequest, decision: Decision, source: Source): void;
  /** Logs a request that could not be decided. */
  logFault(request: LoggedRequest, error: unknown): void;
  /** Logs that the execution environment cannot start. */
  logStartFailure(error: unknown): void;
  /** Logs that the environment is prepared for its first request, or the error after which it is not. */
  logPreparation(error?: unknown): void;
  /** Logs a hint for operators that is not a fault. */
  logHint(text: string): void;
  /** Counts an operation of the token cache, whatever its result. */
  countTokenCacheOperation(): void;
  /** Logs that a request continues without the token cache. */
  logTokenCacheFault(operation: TableOperation, error: unknown): void;
  /** Records the duration of an introspection, in milliseconds. */
  recordIntrospectionLatency(milliseconds: number): void;
  /** Records the age of the key that signs phantom tokens, in days. */
  recordSigningKeyAge(days: number): void;
  /** Counts an introspection that was not sent because the circuit was open. */
  countSkippedIntrospection(): void;
  /** Counts a reread of the secret after the authorization server rejected the credentials. */
  countCredentialReread(): void;
  /** Logs that the secret could not be read and the credentials of an earlier read are in use. */
  logSecretReadFailure(error: unknown): void;
  /** Records the age of the secret's current version, in days. */
  recordSecretAge(days: number): void;
  /** Records the time until certificates expire, in days. */
  recordExpiry(material: Material, days: number): void;
}

interface TelemetryOptions {
  readonly logger: Logger;
  /** A dimension of every metric. */
  readonly functionName: string;
  /** Epoch seconds. */
  readonly now: () => number;
  /**
   * True if this worker stands for its execution environment, of which there is one cold start.
   *
   * @default true
   */
  readonly countsColdStart?: boolean;
}

/**
 * Request of the running invocation. One for all telemetries: up to Node.js 22 each promise copies the state of each
 * storage.
 */
const requests = new AsyncLocalStorage<LoggedRequest>();

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { logger, functionName, now, countsColdStart = true } = options;
  const pending = createPendingMetrics();
  const write = createMetricsLogger({ logger, functionName, now });
  const tokenCacheWindow = createLogWindow(now);
  const secretWindow = createLogWindow(now);
  let logIdentities = true;
  if (countsColdStart) pending.count(Metric.coldStarts);

  return {
    configure(settings) {
      logIdentities = settings.logIdentities;
      logger.appendPersistentKeys({ introspection_host: settings.introspectionHost });
    },
    during: (request, work) => requests.run(request, work),
    logDecision(request, decision, source) {
      // A memory hit did no work: their count is the invocations less these lines.
      if (decision.outcome === 'allow' && source === 'memory') return;
      const fields = {
        ...about(request),
        outcome: decision.outcome,
        source,
        ...('reason' in decision && { reason: decision.reason }),
        ...(logIdentities && identities(decision)),
        ...('comparison' in decision && comparisonFields(decision.comparison, logIdentities)),
      };
      const metrics = {
        [Metric.decisions]: 1,
        ...(isReplay(decision) && { [Metric.replayedProofs]: 1 }),
        ...pending.take(),
      };
      write('info', 'decided', fields, metrics);
    },
    logFault(request, error) {
      const [message, fields] = faultLine(error);
      const isOfSigning = error instanceof Fault && error.code.startsWith('signing_');
      const metrics = {
        [Metric.faults]: 1,
        ...(isOfSigning && { [Metric.signingFaults]: 1 }),
        ...pending.take(),
      };
      write('error', message, { ...about(request), ...fields }, metrics);
    },
    logStartFailure(error) {
      write('error', ...faultLine(error), { [Metric.faults]: 1 });
    },
    logPreparation(error) {
      if (error === undefined) return write('info', 'prepared', {}, pending.take());
      const [, { code, advice, cause }] = faultLine(error);
      write('warn', 'not_prepared', { reason: code, advice, cause }, pending.take());
    },
    logHint: (text) => logger.warn(text, about(requests.getStore())),
    countTokenCacheOperation: () => pending.count(Metric.tokenCacheOperations),
    logTokenCacheFault(operation, error) {
      pending.count(Metric.tokenCacheFaults);
      const burst = tokenCacheWindow();
      if (burst === undefined) return;
      const fields = { ...about(requests.getStore()), operation, ...burst, ...causeFields(error) };
      logger.warn('token_cache_failed', fields);
    },
    recordIntrospectionLatency: pending.recordLatency,
    countSkippedIntrospection: () => pending.count(Metric.introspectionsSkipped),
    countCredentialReread: () => pending.count(Metric.credentialRereads),
    logSecretReadFailure(error) {
      pending.count(Metric.secretReadFailures);
      const burst = secretWindow();
      if (burst === undefined) return;
      const [, { code, advice, cause }] = faultLine(error);
      const fields = { ...about(requests.getStore()), ...burst, reason: code, advice, cause };
      logger.warn('secret_not_reread', fields);
    },
    recordSecretAge(days) {
      write('info', 'secret_age', {}, { [Metric.secretAgeDays]: days });
    },
    recordSigningKeyAge(days) {
      write('info', 'signing_key_age', {}, { [Metric.signingKeyAgeDays]: days });
    },
    recordExpiry(material, days) {
      const level = days <= EXPIRY_WARNING_DAYS ? 'warn' : 'info';
      write(level, 'expiry', { material }, { [Metric.daysToExpiry]: days });
    },
  };
}

function about(request: LoggedRequest | undefined): Record<string, string> {
  if (request === undefined) return {};
  const { context, apiRequestId, method, route, traceparent } = request;
  return {
    api_request_id: apiRequestId,
    function_request_id: context.awsRequestId,
    ...(method !== undefined && { method }),
    ...(route !== undefined && { route }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

function isReplay(decision: Decision): boolean {
  return 'reason' in decision && decision.reason === 'dpop_proof_replayed';
}

/** Returns the identities of the caller that the decision knows. */
function identities(decision: Decision): Record<string, string> {
  const claims = decision.outcome === 'unauthorized' ? undefined : decision.facts.claims;
  return {
    ...(claims?.sub !== undefined && { sub: claims.sub }),
    ...(claims?.clientId !== undefined && { client_id: claims.clientId }),
  };
}

/** Returns what a failed check expected and received; the latter only where the log may identify. */
function comparisonFields(
  comparison: Comparison | undefined,
  mayIdentify: boolean,
): Partial<Pick<Comparison, 'expected' | 'received'>> {
  if (comparison === undefined) return {};
  const { expected, received, identifying } = comparison;
  return mayIdentify || !identifying ? { expected, received } : { expected };
}

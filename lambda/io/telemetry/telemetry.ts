import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { Metric } from '../../contract';
import type { Comparison } from '../../core/comparison';
import type { Decision, Source } from '../../core/decision';
import { Fault } from '../../core/errors';
import { printable } from '../../core/printable';
import type { TableOperation } from '../aws/table-circuit-breaker';
import { embeddedMetrics } from './embedded-metrics';

/** A request, as far as log lines name it. Requests may be concurrent, so none is kept here. */
export interface LoggedRequest {
  readonly context: Context;
  readonly apiRequestId: string;
}

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
  logDecision(request: LoggedRequest, decision: Decision, source: Source): void;
  /** Logs a request that could not be decided. */
  logFault(request: LoggedRequest, error: unknown): void;
  /** Logs that the execution environment cannot start. */
  logStartFailure(error: unknown): void;
  /** Logs a hint for operators that is not a fault. */
  logHint(text: string): void;
  /** Logs that a request continues without the token cache. */
  logTokenCacheFault(operation: TableOperation, error: unknown): void;
  /** Records the duration of an introspection, in milliseconds. */
  recordIntrospectionLatency(milliseconds: number): void;
  /** Records the age of the key that signs, which began at a time in epoch seconds. */
  recordSigningKeyAge(rotatedAt: number | undefined): void;
  /** Counts a reread of the secret after the authorization server rejected the credentials. */
  countCredentialReread(): void;
}

/** Time in which one failure of the token cache is logged and the others are counted, in seconds. */
const LOG_WINDOW_SECONDS = 60;

interface TelemetryOptions {
  readonly logger: Logger;
  /** A dimension of every metric. */
  readonly functionName: string;
  /** Epoch seconds. */
  readonly now: () => number;
}

export function createTelemetry({ logger, functionName, now }: TelemetryOptions): Telemetry {
  const pending = {
    latencies: [] as number[],
    signingKeyAges: [] as number[],
    tokenCacheFaults: 0,
    credentialRereads: 0,
  };
  const about = ({ context, apiRequestId }: LoggedRequest) => ({
    api_request_id: apiRequestId,
    function_request_id: context.awsRequestId,
    function_name: functionName,
  });
  let isFirst = true;
  let logIdentities = true;
  let logWindow = { endsAt: 0, suppressed: 0 };

  /** Returns and resets the metrics since the last line that contained metrics. */
  function takePending() {
    const { latencies, signingKeyAges, tokenCacheFaults, credentialRereads } = pending;
    const none = { latencies: [], signingKeyAges: [], tokenCacheFaults: 0, credentialRereads: 0 };
    Object.assign(pending, none);
    const counted = {
      ...(isFirst && { [Metric.coldStarts]: 1 }),
      ...(latencies.length > 0 && { [Metric.introspectionLatency]: latencies }),
      ...(signingKeyAges.length > 0 && { [Metric.signingKeyAge]: signingKeyAges }),
      ...(tokenCacheFaults > 0 && { [Metric.tokenCacheFaults]: tokenCacheFaults }),
      ...(credentialRereads > 0 && { [Metric.credentialRereads]: credentialRereads }),
    };
    isFirst = false;
    return counted;
  }

  return {
    configure(settings) {
      logIdentities = settings.logIdentities;
      logger.appendPersistentKeys({ introspection_host: settings.introspectionHost });
    },
    logDecision(request, decision, source) {
      // A memory hit did no work: their count is the invocations less these lines.
      if (decision.outcome === 'allow' && source === 'memory') return;
      logger.info('decided', {
        ...about(request),
        outcome: decision.outcome,
        source,
        ...('reason' in decision && { reason: decision.reason }),
        ...(logIdentities && identities(decision)),
        ...('comparison' in decision && comparisonFields(decision.comparison, logIdentities)),
        ...embeddedMetrics(
          {
            [Metric.decisions]: 1,
            ...(isReplay(decision) && { [Metric.replayedProofs]: 1 }),
            ...takePending(),
          },
          now(),
        ),
      });
    },
    logFault(request, error) {
      const isOfSigning = error instanceof Fault && error.code.startsWith('signing_');
      const counted = {
        [Metric.faults]: 1,
        ...(isOfSigning && { [Metric.signingFaults]: 1 }),
        ...takePending(),
      };
      const metrics = embeddedMetrics(counted, now());
      logger.error(...faultLine(error, { ...about(request), ...metrics }));
    },
    logStartFailure(error) {
      const metrics = embeddedMetrics({ [Metric.faults]: 1 }, now());
      logger.error(...faultLine(error, { function_name: functionName, ...metrics }));
    },
    logHint: (text) => logger.warn(text),
    logTokenCacheFault(operation, error) {
      pending.tokenCacheFaults += 1;
      if (now() < logWindow.endsAt) {
        logWindow.suppressed += 1;
        return;
      }
      const { suppressed } = logWindow;
      logWindow = { endsAt: now() + LOG_WINDOW_SECONDS, suppressed: 0 };
      logger.warn('token_cache_failed', {
        operation,
        ...(suppressed > 0 && { suppressed_count: suppressed }),
        ...describe('cause', error),
      });
    },
    recordIntrospectionLatency: (milliseconds) => pending.latencies.push(milliseconds),
    recordSigningKeyAge(rotatedAt) {
      if (rotatedAt !== undefined) {
        pending.signingKeyAges.push(Math.max(0, Math.round(now() - rotatedAt)));
      }
    },
    countCredentialReread() {
      pending.credentialRereads += 1;
    },
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

function faultLine(error: unknown, fields: object): [string, Record<string, unknown>] {
  if (!(error instanceof Fault)) {
    const code = 'internal_error';
    return [code, { ...fields, code, ...describe('cause', error) }];
  }
  const { code, advice, status, message } = error;
  return [message, { ...fields, code, status, advice, ...describe('cause', error.cause) }];
}

/** Maximum length of a cause in a log line, in characters; certificates can list hundreds of host names. */
const MAX_CAUSE_LENGTH = 500;

/** Name and message only: the error objects of HTTP clients may carry requests with credentials. */
function describe(key: string, error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return {};
  return { [key]: printable(`${error.name}: ${error.message}`, MAX_CAUSE_LENGTH) };
}

import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { Fault, type FaultCode } from '../../../lambda/core/errors';
import { createTelemetry, type Telemetry } from '../../../lambda/io/telemetry/telemetry';
import { facts, NOW } from '../tokens';
import type { Dimensions } from './metric-store';

/** Value of a metric that a log line contains, once for each of its dimension sets. */
export interface RecordedValue {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly value: number;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

const REQUEST = { context: { awsRequestId: 'function' } as Context, apiRequestId: 'api' };

/** Records the metrics of the log lines that the authorizer writes while it acts. */
function record(functionName: string, act: (telemetry: Telemetry) => void): RecordedValue[] {
  const lines: string[] = [];
  const logger = new Logger();
  const write = (line: string) => void lines.push(line);
  Object.assign(logger, { console: { info: write, warn: write, error: write } });
  act(createTelemetry({ logger, functionName, now: () => NOW, countsColdStart: false }));
  return lines.flatMap((text) => valuesOf(JSON.parse(text)));
}

function valuesOf(line: Record<string, unknown>): RecordedValue[] {
  const { CloudWatchMetrics: directives = [] } = (line['_aws'] ?? {}) as {
    CloudWatchMetrics?: readonly Directive[];
  };
  return directives.flatMap(({ Namespace: namespace, Dimensions: sets, Metrics }) =>
    Metrics.flatMap(({ Name: name }) =>
      sets.flatMap((names) => {
        const dimensions = Object.fromEntries(names.map((it) => [it, String(line[it])]));
        return [line[name]]
          .flat()
          .map((value) => ({ namespace, name, dimensions, value: Number(value) }));
      }),
    ),
  );
}

/** Returns the metrics of one request of each kind, from real log lines. */
export function recordLines(functionName: string) {
  const of = (act: (telemetry: Telemetry) => void) => record(functionName, act);
  const introspected = (telemetry: Telemetry, milliseconds: number) => {
    for (let i = 0; i < 3; i += 1) telemetry.countTokenCacheOperation();
    telemetry.recordIntrospectionLatency(milliseconds);
    telemetry.logDecision(REQUEST, { outcome: 'allow', facts: facts() }, 'introspection');
  };
  const fault = (code: FaultCode, before: (telemetry: Telemetry) => void = () => undefined) =>
    of((telemetry) => {
      telemetry.countTokenCacheOperation();
      before(telemetry);
      telemetry.logFault(REQUEST, new Fault(code, 'recorded'));
    });
  return {
    allowed: of((telemetry) => introspected(telemetry, 20)),
    slow: of((telemetry) => introspected(telemetry, 2500)),
    denied: of((telemetry) =>
      telemetry.logDecision(
        REQUEST,
        { outcome: 'unauthorized', reason: 'credential_malformed' },
        'request',
      ),
    ),
    timedOut: fault('introspection_timed_out', (it) => it.recordIntrospectionLatency(3000)),
    notSent: fault('introspection_timed_out', (it) => it.countSkippedIntrospection()),
    rejected: fault('introspection_rejected_client'),
    malformed: fault('credentials_invalid'),
    withoutTable: of((telemetry) => {
      telemetry.countTokenCacheOperation();
      telemetry.logTokenCacheFault('read', new Error('down'));
      telemetry.recordIntrospectionLatency(20);
      telemetry.logDecision(REQUEST, { outcome: 'allow', facts: facts() }, 'introspection');
    }),
    secretNotReread: of((telemetry) => {
      telemetry.logSecretReadFailure(new Error('AccessDenied'));
      introspected(telemetry, 20);
    }),
    expiring: of((telemetry) => telemetry.recordExpiry('client_certificate', 12)),
  };
}

export type RecordedLines = ReturnType<typeof recordLines>;

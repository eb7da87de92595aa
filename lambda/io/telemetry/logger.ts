import { Console } from 'node:console';
import type { Environment } from '../aws/endpoint';

/** Levels of the lines that the function writes. */
export type Level = 'info' | 'warn' | 'error' | 'critical';

/** Fields of a line in addition to those that every line has. */
export type Fields = Readonly<Record<string, unknown>>;

/** Writes structured log lines. */
export interface Logger {
  /** Returns whether lines of a level are written. */
  isEnabled(level: Level): boolean;
  /** Writes a line. Fields that are empty are left out. */
  log(level: Level, message: string, fields: Fields): void;
  /** Adds fields to all later lines. */
  addFields(fields: Fields): void;
}

interface LoggerOptions {
  readonly environment: Environment;
  /** Takes each line. @default - standard output, and standard error from level `warn` on */
  readonly write?: (line: string, level: Level) => void;
}

/** Levels that the environment can name, in order. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT'];

/**
 * Creates a logger with the line format of Powertools for AWS Lambda, at a third of its processor time. The level comes
 * from the same variables; the one that Lambda sets goes first, because Lambda drops lines below it.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export function createLogger({ environment, write = createWriter() }: LoggerOptions): Logger {
  const lowest = lowestLevel(environment);
  const service = environment['POWERTOOLS_SERVICE_NAME'] || 'service_undefined';
  let common: Fields = {};
  const isEnabled = (level: Level) => LEVELS.indexOf(level.toUpperCase()) >= lowest;

  return {
    isEnabled,
    log(level, message, fields) {
      if (!isEnabled(level)) return;
      const line: Record<string, unknown> = {
        ...{ level: level.toUpperCase(), message, timestamp: new Date().toISOString(), service },
        xray_trace_id: traceId(environment),
      };
      for (const some of [common, fields]) {
        for (const [name, value] of Object.entries(some)) {
          if (value !== '' && value !== null) line[name] = value;
        }
      }
      write(JSON.stringify(line), level);
    },
    addFields(fields) {
      common = { ...common, ...fields };
    },
  };
}

/** Returns the position of the lowest level that is written. */
function lowestLevel(environment: Environment): number {
  const { AWS_LAMBDA_LOG_LEVEL: ofLambda, POWERTOOLS_LOG_LEVEL: own, LOG_LEVEL } = environment;
  const names = [ofLambda === 'FATAL' ? 'CRITICAL' : ofLambda, own || LOG_LEVEL, 'INFO'];
  return names.map((name = '') => LEVELS.indexOf(name)).find((position) => position >= 0) ?? 0;
}

/** Store of the invocation that runs, which Lambda's runtime provides where invocations are concurrent. */
interface LambdaRuntime {
  readonly awslambda?: {
    readonly InvokeStore?: { getXRayTraceId?(): string | undefined };
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function traceId(environment: Environment): string | undefined {
  const { awslambda } = globalThis as LambdaRuntime;
  const header = awslambda?.InvokeStore?.getXRayTraceId?.() ?? environment['_X_AMZN_TRACE_ID'];
  return header && /(?:^|;)Root=([^;]*)/.exec(header)?.[1];
}

/** Returns a function that prints lines. The global console is not used, because Lambda's adds fields to its lines. */
function createWriter(): (line: string, level: Level) => void {
  const { stdout, stderr } = process;
  const console = new Console({ stdout, stderr });
  return (line, level) => (level === 'info' ? console.info(line) : console.error(line));
}

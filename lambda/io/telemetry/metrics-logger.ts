import type { Logger } from '@aws-lambda-powertools/logger';
import { DIMENSIONS, embeddedMetrics, type MetricValues } from './embedded-metrics';

type Level = 'info' | 'warn' | 'error';
type Fields = Readonly<Record<string, unknown>>;

interface MetricsLoggerOptions {
  readonly logger: Logger;
  readonly functionName: string;
  /** Epoch seconds. */
  readonly now: () => number;
}

/** Thresholds of the levels. @see https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/ */
const THRESHOLDS: Readonly<Record<Level, number>> = { info: 12, warn: 16, error: 20 };

/**
 * Creates a function that writes log lines with metrics. The log level of the function limits the text of
 * the log, but not the metrics: a line below that level is reduced to its metrics and their dimensions.
 */
export function createMetricsLogger({ logger, functionName, now }: MetricsLoggerOptions) {
  return function write(level: Level, message: string, fields: Fields, metrics: MetricValues) {
    const [first, ...further] = embeddedMetrics(metrics, now());
    const all = { ...fields, function_name: functionName };
    const isEnabled = logger.level <= THRESHOLDS[level];
    if (isEnabled) logger[level](message, { ...all, ...first });
    for (const line of isEnabled ? further : [first, ...further]) {
      logger[enabledLevel(logger)]('metrics', { ...dimensionsOf(all), ...line });
    }
  };
}

/** Returns the fields that are dimensions of metrics. */
function dimensionsOf(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => DIMENSIONS.includes(name)));
}

/** Returns the lowest level that is logged. Lambda filters lines by their level, too. */
function enabledLevel({ level }: Logger): Level | 'critical' {
  const enabled = (Object.keys(THRESHOLDS) as Level[]).find((it) => level <= THRESHOLDS[it]);
  return enabled ?? 'critical';
}

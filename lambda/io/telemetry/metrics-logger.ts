import { DIMENSIONS, embeddedMetrics, type MetricValues } from './embedded-metrics';
import type { Fields, Level, Logger } from './logger';

interface MetricsLoggerOptions {
  readonly logger: Logger;
  readonly functionName: string;
  /** Epoch seconds. */
  readonly now: () => number;
}

/** Levels in order. */
const LEVELS: readonly Level[] = ['info', 'warn', 'error', 'critical'];

/**
 * Creates a function that writes log lines with metrics. The log level of the function limits the text of
 * the log, but not the metrics: a line below that level is reduced to its metrics and their dimensions.
 */
export function createMetricsLogger({ logger, functionName, now }: MetricsLoggerOptions) {
  return function write(level: Level, message: string, fields: Fields, metrics: MetricValues) {
    const [first, ...further] = embeddedMetrics(metrics, now());
    const all = { ...fields, function_name: functionName };
    const isEnabled = logger.isEnabled(level);
    if (isEnabled) logger.log(level, message, { ...all, ...first });
    for (const line of isEnabled ? further : [first, ...further]) {
      logger.log(enabledLevel(logger), 'metrics', { ...dimensionsOf(all), ...line });
    }
  };
}

/** Returns the fields that are dimensions of metrics. */
function dimensionsOf(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => DIMENSIONS.includes(name)));
}

/** Returns the lowest level that is logged. Lambda filters lines by their level, too. */
function enabledLevel(logger: Logger): Level {
  return LEVELS.find((level) => logger.isEnabled(level)) ?? 'critical';
}

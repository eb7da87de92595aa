import { Metric } from '../../contract';
import type { MetricValues } from './embedded-metrics';

/** Metrics that wait for the next log line. */
export interface PendingMetrics {
  count(metric: string): void;
  /** Adds a value of the latency of introspections. */
  recordLatency(milliseconds: number): void;
  /** Returns the metrics since the last call, and resets them. */
  take(): MetricValues;
}

export function createPendingMetrics(): PendingMetrics {
  let counts: Record<string, number> = {};
  let latencies: number[] = [];
  return {
    count(metric) {
      counts[metric] = (counts[metric] ?? 0) + 1;
    },
    recordLatency(milliseconds) {
      latencies.push(milliseconds);
    },
    take() {
      const taken = {
        ...counts,
        ...(latencies.length > 0 && { [Metric.introspectionLatency]: latencies }),
      };
      counts = {};
      latencies = [];
      return taken;
    },
  };
}

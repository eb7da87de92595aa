import type { Value } from './metric-math';

export type Dimensions = Readonly<Record<string, string>>;

interface Point {
  readonly minute: number;
  readonly value: number;
  /** Number of times that the value was reported. */
  readonly weight: number;
}

interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

/** Metric as an alarm asks for it. */
interface Statistic extends Metric {
  readonly statistic: string;
}

/** Metrics by minute. */
export class MetricStore {
  private readonly series = new Map<string, Point[]>();

  /** Returns a function that adds a value to a metric. */
  writer(metric: Metric): (point: Point) => void {
    const key = keyOf(metric);
    const points = this.series.get(key) ?? [];
    this.series.set(key, points);
    return (point) => {
      if (point.weight > 0) points.push(point);
    };
  }

  /** Returns a function that gives a statistic of the minutes from `first` to `last`. */
  reader(metric: Statistic): (first: number, last: number) => Value {
    const points = this.series.get(keyOf(metric)) ?? [];
    const count = totals(points, ({ weight }) => weight);
    const sum = totals(points, ({ value, weight }) => value * weight);
    return function read(first, last) {
      const between = (list: readonly number[]) => at(list, last) - at(list, first - 1);
      const samples = between(count);
      if (samples === 0) return undefined;
      const inside = () => points.filter(({ minute }) => minute >= first && minute <= last);
      const values = () => inside().map(({ value }) => value);
      switch (metric.statistic) {
        case 'Sum':
          return between(sum);
        case 'SampleCount':
          return samples;
        case 'Average':
          return between(sum) / samples;
        case 'Minimum':
          return Math.min(...values());
        case 'Maximum':
          return Math.max(...values());
        default:
          return percentile(inside(), (Number(metric.statistic.slice(1)) / 100) * samples);
      }
    };
  }
}

/** Returns the running total at the end of each minute. */
function totals(points: readonly Point[], of: (point: Point) => number): number[] {
  const list: number[] = [];
  for (const point of points) list[point.minute] = (list[point.minute] ?? 0) + of(point);
  let total = 0;
  return Array.from(list, (value) => {
    total += value ?? 0;
    return total;
  });
}

function at(totals: readonly number[], minute: number): number {
  return minute < 0 ? 0 : (totals[smaller(minute, totals.length - 1)] ?? 0);
}

/** Returns the smaller number. `Math.min` takes longer, because jest looks up globals in a sandbox. */
export function smaller(one: number, other: number): number {
  return one < other ? one : other;
}

/** Returns the smallest value that at least `rank` reports do not exceed. */
function percentile(points: readonly Point[], rank: number): Value {
  let seen = 0;
  for (const { value, weight } of [...points].sort((one, other) => one.value - other.value)) {
    seen += weight;
    if (seen >= rank) return value;
  }
  return undefined;
}

function keyOf({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}

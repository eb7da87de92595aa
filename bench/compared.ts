import { median, spread } from './sample';

/** Medians, and the spread of their ratio. */
export interface Compared {
  readonly ours: number;
  readonly reference: number;
  /** Median of the differences within a round, which moves less than the difference of the medians. */
  readonly difference: number;
  readonly spread: number;
}

/**
 * Compares what was measured in turn.
 *
 * @param calls number of calls in each round
 */
export function compared(
  taken: Readonly<Record<'ours' | 'reference', readonly number[]>>,
  calls = 1,
): Compared {
  const pairs = taken.ours.map((ours, round) => [ours, taken.reference[round] ?? 1] as const);
  const ratios = pairs.map(([ours, reference]) => ours / reference);
  const differences = pairs.map(([ours, reference]) => ours - reference);
  return {
    ours: median(taken.ours) / calls,
    reference: median(taken.reference) / calls,
    difference: median(differences) / calls,
    spread: spread(ratios),
  };
}

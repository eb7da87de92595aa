import { median, spread } from './sample';

/** Medians, and the spread of their ratio. */
export interface Compared {
  readonly ours: number;
  readonly reference: number;
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
  const ratios = taken.ours.map((ours, round) => ours / (taken.reference[round] ?? 1));
  return {
    ours: median(taken.ours) / calls,
    reference: median(taken.reference) / calls,
    spread: spread(ratios),
  };
}

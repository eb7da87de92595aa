/**
 * Returns the number of runs of a property whose runs take long. `PROPERTY_RUNS` multiplies it, for runs at night.
 */
export function propertyRuns(runs: number): number {
  return Math.ceil(runs * Number(process.env['PROPERTY_RUNS'] ?? 1));
}

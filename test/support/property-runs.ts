/**
 * Returns the number of runs of a property whose runs take long. `PROPERTY_RUNS` multiplies it, for runs at night.
 */
export function propertyRuns(runs: number): number {
  const text = process.env['PROPERTY_RUNS'] ?? '1';
  const factor = Number(text);
  if (!(factor > 0)) throw new Error(`PROPERTY_RUNS must be a positive number, got: ${text}`);
  return Math.ceil(runs * factor);
}

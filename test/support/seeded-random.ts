/**
 * Creates a generator of numbers from 0 to 1 that is the same in each run.
 *
 * @see https://en.wikipedia.org/wiki/Linear_congruential_generator
 */
export function seededRandom(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761);
  return () => {
    // Constants of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

import { digits, type Goal, goals, type Measured } from './goals';

interface Pair {
  readonly before: Goal;
  readonly after: Goal;
}

/**
 * Returns what moved from a stored run to this one by more than both runs' spread. Times are compared only if both
 * runs are of the same machine; ratios, sizes and counts always.
 */
export function comparison(before: Measured, after: Measured): string {
  const lines = pairs(before, after).map(
    (pair) => `- ${pair.after.path} (${pair.after.unit}): ${moved(pair)}`,
  );
  return [`Compared with ${before.date}, ${before.machine}:`, '', ...lines].join('\n');
}

/** Returns the goals whose figures are worse than in a stored run by more than both runs' spread. */
export function regressions(before: Measured, after: Measured): Goal[] {
  return pairs(before, after)
    .filter((pair) => change(pair) > noise(pair))
    .map((pair) => pair.after);
}

function pairs(before: Measured, after: Measured): Pair[] {
  const isSameMachine = before.machine === after.machine;
  const known = new Map(goals(before).map((goal) => [keyOf(goal), goal]));
  return goals(after)
    .filter(({ unit }) => isSameMachine || !/^(µs|ms)\b/.test(unit))
    .flatMap((goal) => {
      const former = known.get(keyOf(goal));
      return former === undefined ? [] : [{ before: former, after: goal }];
    });
}

const keyOf = ({ path, unit }: Goal) => `${path} ${unit}`;
const change = ({ before, after }: Pair) => after.figure - before.figure;
const noise = ({ before, after }: Pair) => before.noise + after.noise;

function moved(pair: Pair): string {
  const figures = `${digits(pair.before.figure)} → ${digits(pair.after.figure)}`;
  if (Math.abs(change(pair)) <= noise(pair)) return `${figures}, within noise`;
  return `${figures}, ${change(pair) > 0 ? '**worse**' : '**better**'}`;
}

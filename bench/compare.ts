import { digits, type Goal, goals, type Measured } from './goals';

/** Returns what moved from a stored run to this one by more than both runs' spread. Absolute times depend on the machine. */
export function comparison(before: Measured, after: Measured): string {
  const old = new Map(goals(before).map((goal) => [keyOf(goal), goal]));
  const lines = goals(after).map((goal) => {
    const known = old.get(keyOf(goal));
    return known ? `- ${goal.path} (${goal.unit}): ${moved(known, goal)}` : `- ${goal.path}: new`;
  });
  return [`Compared with ${before.date}, ${before.machine}:`, '', ...lines].join('\n');
}

const keyOf = ({ path, unit }: Goal) => `${path} ${unit}`;

function moved(before: Goal, after: Goal): string {
  const change = after.figure - before.figure;
  const figures = `${digits(before.figure)} → ${digits(after.figure)}`;
  if (Math.abs(change) <= before.noise + after.noise) return `${figures}, within noise`;
  return `${figures}, ${change > 0 ? '**worse**' : '**better**'}`;
}

/** Returns the goals whose figures are worse than in a stored run by more than both runs' spread. */
export function regressions(before: Measured, after: Measured): Goal[] {
  const old = new Map(goals(before).map((goal) => [keyOf(goal), goal]));
  return goals(after).filter((goal) => {
    const known = old.get(keyOf(goal));
    return known !== undefined && goal.figure - known.figure > known.noise + goal.noise;
  });
}

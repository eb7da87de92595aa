import { createCommand, runCommand } from '../../terminal/command';
import { withProgress } from '../../terminal/progress';
import type { Figures } from './figures';
import { goals } from './goals';
import { head, LEGEND, row } from './report';
import * as scenarios from './scenarios';

const SIZES = [1, 10, 100, 1000];

/**
 * Simulates fleets of execution environments in virtual time, with the code of the caches, and prints each row when it is
 * done. The figures are the same in each run.
 */
async function main(): Promise<void> {
  console.log(`Simulation.\n${LEGEND}`);
  const freshToken = await print(scenarios.freshToken);
  await print(scenarios.pageLoad);
  await print(scenarios.flood);
  const expiry = await print(scenarios.expiry);
  await print(scenarios.restart);
  console.log(
    goals({
      loneMiss: freshToken(1, 100),
      freshToken: freshToken(1000, 100),
      expiry: expiry(1000, 100),
      tableHit: await scenarios.tableHit(1000),
      hanging: freshToken(100, 'hanging'),
      failing: freshToken(100, 'failing'),
    }),
  );
}

async function print({ title, behaviors, run }: scenarios.Scenario) {
  console.log(head(title));
  const measured = new Map<string, Figures>();
  for (const behavior of behaviors) {
    for (const size of SIZES) {
      const figures = await withProgress(`${size} environments`, () => run(size, behavior));
      measured.set(`${size} ${behavior}`, figures);
      console.log(row(behavior, size, figures));
    }
  }
  return (size: number, behavior: (typeof behaviors)[number]): Figures => {
    const figures = measured.get(`${size} ${behavior}`);
    if (figures === undefined) throw new Error(`${title}: nothing was measured`);
    return figures;
  };
}

const description = 'Simulates fleets of execution environments in virtual time.';
runCommand(
  createCommand('npm run bench:fleet --', description).action(main),
  process.argv.slice(2),
);

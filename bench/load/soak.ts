import { createCommand, runCommand } from '../../terminal/command';
import { withProgress } from '../../terminal/progress';
import { UsageError } from '../../terminal/user-error';
import { median } from '../sample';
import { deploy } from './deployed';
import { type Usage, usageOfExecutionEnvironment } from './execution-environment';
import { assertAllAllowed, fire } from './requests';

const REQUESTS_PER_SECOND = 50;
const SAMPLE_SECONDS = 5;
/** Short, so that entries come and go. */
const MAX_TTL_SECONDS = 20;

/** Memory may grow by this much from the second quarter to the last: the collector decides when it runs. */
const GROWTH_ALLOWED = 1.1;
/** Maximum number of sockets: table, secret and authorization server, each with concurrent requests. */
const SOCKETS_ALLOWED = 12;

/** Sends mixed requests for many minutes, and measures what the environment holds meanwhile. */
async function main({ minutes }: { readonly minutes: number }): Promise<void> {
  const deployed = () => deploy(MAX_TTL_SECONDS);
  const { stack, close } = await withProgress('Starting local mode', deployed);
  const samples: Usage[] = [];
  try {
    assertAllAllowed(await fire(stack.url, 'hot', { connections: 5, duration: 2 }));
    const timer = setInterval(
      () => samples.push(usageOfExecutionEnvironment()),
      SAMPLE_SECONDS * 1000,
    );
    const options = { connections: 5, duration: minutes * 60, overallRate: REQUESTS_PER_SECOND };
    const result = await withProgress(`Sending requests for ${minutes} minutes`, () =>
      fire(stack.url, 'mixed', options),
    );
    clearInterval(timer);
    assertAllAllowed(result);
    if (stack.coldStarts() !== 1) throw new Error('the execution environment did not last');
    console.log(`${result.requests.total} requests in ${minutes} minutes, all allowed`);
    console.log(verdict(samples));
  } finally {
    await close();
  }
}

/** @throws Error if memory grows on, or sockets become more. */
function verdict(samples: readonly Usage[]): string {
  const quarter = (n: number) =>
    samples.slice(Math.floor((samples.length * n) / 4), Math.floor((samples.length * (n + 1)) / 4));
  const [early, late] = [quarter(1), quarter(3)].map((some) =>
    median(some.map(({ residentBytes }) => residentBytes)),
  ) as [number, number];
  const sockets = Math.max(...samples.map((sample) => sample.sockets));
  const text =
    `resident memory, median of each: second quarter ${megabytes(early)}, last quarter ` +
    `${megabytes(late)}; at most ${sockets} sockets`;
  if (late > early * GROWTH_ALLOWED || sockets > SOCKETS_ALLOWED) throw new Error(text);
  return text;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

const command = createCommand('npm run bench:soak --', 'Sends mixed requests for many minutes.')
  .option('--minutes <number>', 'duration', readMinutes, 10)
  .action(main);

function readMinutes(text: string): number {
  if (Number(text) >= 1) return Number(text);
  throw new UsageError(`--minutes must be a number of at least 1, got: ${text}`);
}

runCommand(command, process.argv.slice(2));

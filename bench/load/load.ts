import { createCommand, runCommand } from '../../terminal/command';
import { withProgress } from '../../terminal/progress';
import { deploy } from './deployed';
import { usageOfExecutionEnvironment } from './execution-environment';
import { assertAllAllowed, fire, TOKEN_SETS, type TokenSet } from './requests';

const SECONDS = 4;
const CONNECTIONS = [1, 10, 50];

/** Measures what one execution environment takes, through the gateway of local mode. */
async function main(): Promise<void> {
  const { stack, close } = await withProgress('Starting local mode', () => deploy(300));
  try {
    // The code is compiled and the hundred tokens are known.
    assertAllAllowed(
      await withProgress('Warming up', () =>
        fire(stack.url, 'hot', { connections: 10, duration: SECONDS }),
      ),
    );
    console.log('| tokens | connections | requests/s | p50 | p99 | CPU of the function |');
    console.log('|---|---|---|---|---|---|');
    for (const tokens of Object.keys(TOKEN_SETS) as TokenSet[]) {
      for (const connections of CONNECTIONS) {
        const before = usageOfExecutionEnvironment();
        const result = await withProgress(`Measuring ${tokens}, ${connections} connections`, () =>
          fire(stack.url, tokens, { connections, duration: SECONDS }),
        );
        assertAllAllowed(result);
        const cpu = usageOfExecutionEnvironment().cpuMs - before.cpuMs;
        const each = (cpu / result.requests.total).toFixed(2);
        const { p50, p99 } = result.latency;
        console.log(
          `| ${tokens} | ${connections} | ${result.requests.average.toFixed(0)} | ${p50} ms | ${p99} ms | ${each} ms |`,
        );
      }
    }
    for (const [tokens, meaning] of Object.entries(TOKEN_SETS))
      console.log(`${tokens}: ${meaning}`);
  } finally {
    await close();
  }
}

const description = 'Measures what one execution environment takes, through local mode.';
runCommand(createCommand('npm run bench:load --', description).action(main), process.argv.slice(2));

import { deploy } from './deployed';
import { usageOfExecutionEnvironment } from './execution-environment';
import { assertAllAllowed, fire, TOKEN_SETS, type TokenSet } from './requests';

const SECONDS = 4;
const CONNECTIONS = [1, 10, 50];

/** `npm run bench:load`: what one execution environment takes, through the gateway of local mode. */
async function main(): Promise<void> {
  const { stack, close } = await deploy(300);
  try {
    // The code is compiled and the hundred tokens are known.
    assertAllAllowed(await fire(stack.url, 'hot', { connections: 10, duration: SECONDS }));
    console.log('| tokens | connections | requests/s | p50 | p99 | CPU of the function |');
    console.log('|---|---|---|---|---|---|');
    for (const tokens of Object.keys(TOKEN_SETS) as TokenSet[]) {
      for (const connections of CONNECTIONS) {
        const before = usageOfExecutionEnvironment();
        const result = await fire(stack.url, tokens, { connections, duration: SECONDS });
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

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

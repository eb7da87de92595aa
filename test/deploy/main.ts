import '../../cli/require-node';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAccount } from './account';
import { createCdk } from './cdk';
import { startEmulator } from './emulator';
import { runMintingScenario } from './minting-scenario';
import { startParties } from './parties';
import { UnavailableError } from './python';
import { createReport } from './report';
import { runScenario } from './scenario';

/**
 * `npm run test:deploy [-- --where-possible]`: deploys both kinds of API, and one that mints, with the CDK CLI to an AWS
 * emulator, calls them, changes them and destroys them. With `--where-possible` it exits with 0 if the
 * emulator cannot be installed.
 */
async function deploy(signal: AbortSignal): Promise<boolean> {
  const closing: (() => Promise<void>)[] = [];
  try {
    console.log('Starting the AWS emulator …');
    const emulator = await startEmulator(process.env, signal);
    closing.push(emulator.stop);
    const [parties, plainParties] = await Promise.all([startParties(), startParties('json')]);
    closing.push(parties.close, plainParties.close);
    const directory = mkdtempSync(join(tmpdir(), 'test-deploy-'));
    closing.push(async () => rmSync(directory, { recursive: true, force: true }));
    const { endpoint } = emulator;
    const report = createReport(signal);
    report.note('IAM: the emulator authorizes every call');
    report.note(`Lambda runtimes: functions run on the emulator's own Node.js, whatever they name`);
    const cdk = createCdk(endpoint, directory, signal);
    const scenario = { endpoint, cdk, parties, report, account: createAccount(endpoint) };

    report.heading(`The account, at ${endpoint.origin}`);
    const bootstrapped = await report.check('cdk bootstrap', cdk.bootstrap);
    for (const type of bootstrapped ? (['REST', 'HTTP'] as const) : []) {
      // A unique name, since a running emulator can hold resources of an earlier run.
      const stackName = `Deployed-${type}-${randomBytes(3).toString('hex')}`;
      await runScenario({ ...scenario, type, stackName });
    }
    if (bootstrapped) {
      const stackName = `Deployed-Minting-${randomBytes(3).toString('hex')}`;
      await runMintingScenario({ ...scenario, parties: plainParties, type: 'REST', stackName });
    }
    return report.close(() => `Last output of the emulator:\n${emulator.log()}`);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

const { 'where-possible': wherePossible } = parseArgs({
  options: { 'where-possible': { type: 'boolean', default: false } },
}).values;

// On Node.js 20 the SDK warns about its future versions.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interruption.abort());
}
deploy(interruption.signal).then(
  (passed) => process.exit(passed ? 0 : 1),
  (error: unknown) => {
    if (!(error instanceof UnavailableError)) {
      console.error(error === interruption.signal.reason ? 'Interrupted.' : error);
      process.exit(1);
    }
    console.log(`Nothing was deployed: ${error.message}.`);
    process.exit(wherePossible ? 0 : 1);
  },
);

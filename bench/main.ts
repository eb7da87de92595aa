import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { createCommand, runCommand } from '../terminal/command';
import { AUTHORIZER, CERTIFICATE_AUTHORITY, compile, loadedBytes, ROOT } from './build';
import { measureColdStarts } from './cold-start';
import { comparison, regressions } from './compare';
import { functionEnvironment } from './function';
import type { Measured } from './goals';
import type { InProcessResults } from './in-process';
import { lambdaNode } from './lambda-node';
import { createProgress, type Progress } from './progress';
import { report } from './report';
import { measureRoundTrips } from './round-trips';
import { type Backend, introspectionsOf, setLatencies, startBackend } from './servers/start';

/** Section of the documentation that `--write` replaces. */
const DOCUMENT = join(ROOT, 'docs', 'performance.md');
const SECTION = /(<!-- npm run bench -- --write -->\n).*(\n<!-- end -->)/s;

interface BenchOptions {
  readonly save?: string;
  readonly compare?: string;
  readonly write?: boolean;
}

/** Measures every goal, side by side, and prints them as Markdown. */
async function main(values: BenchOptions): Promise<void> {
  const before: Measured | undefined =
    values.compare === undefined ? undefined : JSON.parse(readFileSync(values.compare, 'utf8'));
  const measured = await measure(createProgress());
  const text = report(measured);
  console.log(text);
  if (values.save !== undefined) writeFileSync(values.save, JSON.stringify(measured));
  if (values.write) {
    const document = readFileSync(DOCUMENT, 'utf8');
    writeFileSync(
      DOCUMENT,
      document.replace(SECTION, (_, start, end) => `${start}\n${text}\n${end}`),
    );
  }
  if (before !== undefined) {
    console.log(`\n${comparison(before, measured)}`);
    if (regressions(before, measured).length > 0) process.exitCode = 1;
  }
}

async function measure(progress: Progress): Promise<Measured> {
  const node = lambdaNode();
  const remote = await startBackend(node, 'tls');
  const local = await startBackend(node);
  writeFileSync(CERTIFICATE_AUTHORITY, remote.authority ?? '');
  try {
    const environment = {
      ...functionEnvironment(remote),
      NODE_EXTRA_CA_CERTS: CERTIFICATE_AUTHORITY,
    };
    const roundTrips = await measureRoundTrips(node, remote, environment);
    await setLatencies(remote, true);
    const cold = await measureColdStarts(node, environment, remote.jwt, progress);
    await setLatencies(remote, false);
    const inProcess = await measureInProcess(node, { remote, local }, environment, progress);
    return {
      date: new Date().toISOString().slice(0, 10),
      machine: machine(inProcess.nodeVersion),
      cold,
      inProcess,
      introspections: await introspectionsOf(local, inProcess.shared),
      roundTrips,
      bytes: {
        plain: loadedBytes('main.mjs', 'index.js'),
        minting: loadedBytes('main.mjs', 'index.js', 'minting.js'),
      },
    };
  } finally {
    remote.close();
    local.close();
  }
}

function measureInProcess(
  node: string,
  { remote, local }: Readonly<Record<'remote' | 'local', Backend>>,
  environment: Readonly<Record<string, string>>,
  progress: Progress,
): Promise<InProcessResults> {
  const child = spawn(node, ['--expose-gc', compile('in-process.ts'), AUTHORIZER], {
    env: {
      ...environment,
      BENCH_QUICK: process.env['BENCH_QUICK'] ?? '',
      BENCH_REMOTE: JSON.stringify(remote),
      BENCH_LOCAL: JSON.stringify(local),
    },
    // The function's log lines are written, as in Lambda, but to nowhere.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let parts = 0;
    child.on('message', (message: { progress?: string; results?: InProcessResults }) => {
      if (message.progress !== undefined) progress(message.progress, parts++, 6);
      if (message.results !== undefined) resolve(message.results);
    });
    child.on('exit', (code) => reject(new Error(`the measuring process ended with ${code}`)));
  });
}

function machine(nodeVersion: string): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Node.js ${nodeVersion}, ${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, ${process.platform} ${process.arch}`;
}

const command = createCommand(
  'npm run bench --',
  'Measures every goal, side by side, and prints them as Markdown.',
)
  .option('--save <file>', 'stores the figures')
  .option('--compare <file>', 'tells what moved since a stored run')
  .option('--write', 'writes the report into the documentation')
  .addHelpText('after', '\nWith BENCH_QUICK=1 it has a tenth of the rounds, for a first look.')
  .action(main);
runCommand(command, process.argv.slice(2));

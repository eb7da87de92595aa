import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { createCommand, runCommand } from '../terminal/command';
import { type Progress, withProgress } from '../terminal/progress';
import { AUTHORIZER, compile } from './build';
import { measureColdStarts } from './cold-start';
import { functionEnvironment } from './function';
import type { InProcessResults } from './in-process';
import { lambdaNode } from './lambda-node';
import { table } from './report';
import { type RunningBackend, startBackend } from './servers/start';

/** Measures every goal, side by side, and prints them as one table. */
async function main(): Promise<void> {
  const { nodeVersion, report } = await withProgress('Starting the servers', measure);
  console.log(machine(nodeVersion));
  console.log(report);
}

async function measure(progress: Progress) {
  const node = lambdaNode();
  const backend = await startBackend(node);
  try {
    const environment = functionEnvironment(backend);
    progress.update('Measuring cold starts');
    const coldStarts = await measureColdStarts(node, environment);
    progress.update('Measuring requests');
    const inProcess = await measureInProcess(node, backend, environment);
    const introspections = await backend.introspections(inProcess.shared);
    const bundleBytes = statSync(AUTHORIZER).size;
    const report = table({ coldStarts, inProcess, introspections, bundleBytes });
    return { nodeVersion: inProcess.nodeVersion, report };
  } finally {
    backend.close();
  }
}

async function measureInProcess(
  node: string,
  backend: RunningBackend,
  environment: Readonly<Record<string, string>>,
): Promise<InProcessResults> {
  const child = spawn(node, ['--expose-gc', compile('in-process.ts'), AUTHORIZER], {
    env: { ...environment, BENCH_BACKEND: JSON.stringify(backend) },
    // The function's log lines are written, as in Lambda, but to nowhere.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the measuring process ended with ${code}`);
  });
  const [results] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => undefined);
  return results;
}

function machine(nodeVersion: string): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, Node.js ${nodeVersion}, ${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, ${process.platform} ${process.arch}\n`;
}

const description = 'Measures latency and cold starts, and compares them with the goals.';
runCommand(createCommand('npm run bench --', description).action(main), process.argv.slice(2));

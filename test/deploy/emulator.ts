import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deserted } from '../support/stub-server';
import { installFromPyPI } from './python';

/** The version that the expectations were checked against. */
const VERSION = '1.5.33';

const CACHE = join(__dirname, '..', '..', 'node_modules', '.cache');

/** An AWS emulator: MiniStack. @see https://github.com/ministackorg/ministack */
export interface Emulator {
  readonly endpoint: URL;
  /** What it printed last; empty if it was not started here. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * The emulator that runs at `MINISTACK_URL`, or else one that is installed and started on a free port of
 * loopback.
 *
 * @throws UnavailableError where it cannot be installed.
 */
export async function startEmulator(
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Emulator> {
  const running = environment['MINISTACK_URL'];
  if (running !== undefined) return runningAt(new URL(running), signal);
  const commands = installFromPyPI(join(CACHE, `ministack-${VERSION}`), 'ministack', VERSION);
  const endpoint = await deserted();
  const directory = mkdtempSync(join(tmpdir(), 'ministack-'));
  const logFile = join(directory, 'log');
  const output = openSync(logFile, 'w');
  const child = spawn(join(commands, 'ministack'), [], {
    cwd: directory,
    // A group of its own, with the processes in which it runs Lambda functions.
    detached: true,
    stdio: ['ignore', output, output],
    env: {
      // The functions run on the Node.js that runs this.
      PATH: `${join(process.execPath, '..')}:${environment['PATH']}`,
      HOME: directory,
      TMPDIR: directory,
      STATE_DIR: join(directory, 'state'),
      S3_DATA_DIR: join(directory, 's3'),
      GATEWAY_PORT: endpoint.port,
      // By default it would listen on every address of the machine.
      BIND_HOST: '127.0.0.1',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  const ended = once(child, 'exit');
  const log = () => readFileSync(logFile, 'utf8').split('\n').slice(-40).join('\n');
  const kill = () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, 'SIGKILL');
  };
  // However this process ends, the emulator does not outlive it.
  process.once('exit', kill);
  const stop = async () => {
    kill();
    await ended;
    process.off('exit', kill);
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await ready(endpoint, signal, () => child.exitCode ?? undefined);
  } catch (error) {
    const printed = log();
    await stop();
    throw new Error(`${(error as Error).message}:\n${printed}`);
  }
  return { endpoint, log, stop };
}

async function runningAt(endpoint: URL, signal: AbortSignal): Promise<Emulator> {
  // Stacks are made and destroyed there: nobody's account, and no other machine.
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(endpoint.hostname)) {
    throw new Error(`MINISTACK_URL must be on a loopback host, but is ${endpoint.origin}`);
  }
  await ready(endpoint, signal, () => undefined);
  return { endpoint, log: () => '', stop: async () => undefined };
}

async function ready(
  endpoint: URL,
  signal: AbortSignal,
  exitCode: () => number | undefined,
): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    const code = exitCode();
    if (code !== undefined) throw new Error(`the emulator ended with exit code ${code}`);
    const health = await fetch(new URL('/_ministack/health', endpoint)).catch(() => undefined);
    if (health?.ok) return;
    await sleep(200);
  }
  throw new Error(`no emulator answers at ${endpoint.origin}`);
}

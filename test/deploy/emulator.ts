import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deserted } from '../support/stub-server';
import { installFromPyPI } from './python';

/** Version for which the expectations were checked. */
const VERSION = '1.5.33';

const CACHE = join(__dirname, '..', '..', 'node_modules', '.cache');

/**
 * AWS emulator: MiniStack.
 *
 * @see https://github.com/ministackorg/ministack
 */
export interface Emulator {
  readonly endpoint: URL;
  /** Returns its last output. Empty if it was not started here. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Returns the emulator at `MINISTACK_URL`, or else installs one and starts it on a free loopback port.
 *
 * @throws UnavailableError if it cannot be installed.
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
    // A separate process group, which includes the processes of its Lambda functions.
    detached: true,
    stdio: ['ignore', output, output],
    env: {
      // Functions run on the Node.js of this process.
      PATH: `${join(process.execPath, '..')}:${environment['PATH']}`,
      HOME: directory,
      TMPDIR: directory,
      STATE_DIR: join(directory, 'state'),
      S3_DATA_DIR: join(directory, 's3'),
      GATEWAY_PORT: endpoint.port,
      // The default is every address of the machine.
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
  // The emulator must not outlive this process.
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
  // Stacks are created and destroyed there, so it must not be an account or another machine.
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(endpoint.hostname)) {
    throw new Error(`MINISTACK_URL must be on a loopback host, got: ${endpoint.origin}`);
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
    if (code !== undefined) throw new Error(`the emulator exited with ${code}`);
    const health = await fetch(new URL('/_ministack/health', endpoint)).catch(() => undefined);
    if (health?.ok) return;
    await sleep(200);
  }
  throw new Error(`the emulator at ${endpoint.origin} did not respond within 60 s`);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PROJECT = join(__dirname, '..', '..');

/** A command of local mode, running as a process of its own. */
export interface LocalCommand {
  readonly process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** The URL of its line `ready URL`. Rejects if it ends without. */
  ready(): Promise<URL>;
  /** Its exit code, once it ended and everything it printed was read. */
  ended(): Promise<number | null>;
}

const running = new Set<{ readonly child: ChildProcess; readonly closed: Promise<unknown> }>();

/** Ends what a failed test left running: an open pipe would keep jest from exiting. */
afterAll(async () => {
  await Promise.all(
    [...running].map(({ child, closed }) => {
      // npm passes SIGTERM on to its script.
      child.kill('SIGTERM');
      return closed;
    }),
  );
});

/** Runs `local/cli/NAME.ts` as npm would. */
export function runLocal(
  name: 'main' | 'demo' | 'start',
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): LocalCommand {
  const script = join('local', 'cli', `${name}.ts`);
  return run(process.execPath, ['--import', 'tsx', script, ...args], environment);
}

/** Runs a script of package.json by npm itself. */
export function runScript(
  name: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): LocalCommand {
  return run('npm', ['run', name, '--', ...args], environment);
}

function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): LocalCommand {
  const child = spawn(command, args, {
    cwd: PROJECT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text;
  });
  const closed = once(child, 'close').then(() => child.exitCode);
  const entry = { child, closed };
  running.add(entry);
  void closed.then(() => running.delete(entry));
  return {
    process: child,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    ended: () => closed,
    async ready() {
      for (;;) {
        const url = /^ready (\S+)$/m.exec(printed.stdout)?.[1];
        if (url) return new URL(url);
        const ended = await Promise.race([once(child.stdout, 'data'), closed.then(() => 'ended')]);
        if (ended === 'ended') throw new Error(`it ended: ${printed.stderr}`);
      }
    },
  };
}

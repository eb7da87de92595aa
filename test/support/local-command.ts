import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from './root';

/** Compiled command line, which `npm run build` writes. */
const COMMAND_LINE = join('dist', 'cli', 'main.js');

/** Command of local mode in its own process. */
export interface LocalCommand {
  readonly process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Returns the URL of its line `ready URL`. Rejects if it exits without one. */
  ready(): Promise<URL>;
  /** Returns its exit code, once it has exited and its output has been read. */
  ended(): Promise<number | null>;
}

const running = new Set<{ readonly child: ChildProcess; readonly closed: Promise<unknown> }>();

/** Ends commands that a failed test left running. An open pipe would keep jest from exiting. */
afterAll(async () => {
  await Promise.all(
    [...running].map(({ child, closed }) => {
      // npm passes SIGTERM on to its script.
      child.kill('SIGTERM');
      return closed;
    }),
  );
});

/** Runs a command of local mode as npm would; `main` is the command `local`. */
export function runLocal(
  name: 'main' | 'demo' | 'start' | 'example',
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): LocalCommand {
  return runCommand(name === 'main' ? 'local' : name, args, environment);
}

/** Runs a command of the command line as npm would, with a text as its standard input. */
export function runCommand(
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
): LocalCommand {
  return run(process.execPath, [COMMAND_LINE, name, ...args], environment, input);
}

/** Runs a JavaScript file with arguments, in a directory. */
export function runBinary(
  file: string,
  args: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>>,
): LocalCommand {
  return run(process.execPath, [file, ...args], environment, '', directory);
}

/** Runs a script of package.json with npm, which prints nothing itself. */
export function runScript(
  name: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): LocalCommand {
  return run('npm', ['run', '-s', name, '--', ...args], environment);
}

function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input = '',
  directory = ROOT,
): LocalCommand {
  const child = spawn(command, args, {
    cwd: directory,
    // Colors that jest's caller forces would be in the output.
    env: { ...process.env, FORCE_COLOR: '0', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that has exited reads no input.
  child.stdin.on('error', () => undefined).end(input);
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
        if (ended === 'ended') throw new Error(`the command exited: ${printed.stderr}`);
      }
    },
  };
}

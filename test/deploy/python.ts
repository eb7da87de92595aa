import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that this machine lacks, and that nobody can mend by changing the project. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** The usual one first: of the others, some may be there in name only. */
const INTERPRETERS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

/** What MiniStack and its installation take. @see https://pypi.org/project/ministack/ */
const CHECK = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';

/**
 * Installs a package from PyPI into a virtual environment of its own, unless it is there already.
 *
 * @returns the directory of its commands.
 * @throws UnavailableError where there is no Python 3.10, or no PyPI.
 */
export function installFromPyPI(directory: string, name: string, version: string): string {
  const commands = join(directory, 'bin');
  const complete = join(directory, 'complete');
  if (existsSync(complete)) return commands;
  const python = INTERPRETERS.find((command) => run(command, ['-c', CHECK]).status === 0);
  if (python === undefined) {
    throw new UnavailableError('there is no Python 3.10 or newer with venv and ensurepip');
  }
  rmSync(directory, { recursive: true, force: true });
  succeed(python, ['-m', 'venv', directory]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  // Wheels only: what comes from PyPI runs nothing while it is installed.
  const options = ['--only-binary', ':all:', '--retries', '1', '--timeout', '15'];
  succeed(join(commands, 'python'), [...pip, ...options, `${name}==${version}`]);
  writeFileSync(complete, '');
  return commands;
}

function succeed(command: string, args: readonly string[]): void {
  const { status, stderr } = run(command, args);
  if (status === 0) return;
  // What pip says where no index answers; where one does, it lists the versions it has.
  if (stderr.includes('(from versions: none)')) throw new UnavailableError('PyPI is out of reach');
  throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
}

function run(command: string, args: readonly string[]) {
  return spawnSync(command, args, { encoding: 'utf8', timeout: 180_000 });
}

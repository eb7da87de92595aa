import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Missing prerequisite of the machine. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** Python commands, the usual one first. Others can exist without working. */
const INTERPRETERS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

/**
 * Check for the prerequisites of MiniStack.
 *
 * @see https://pypi.org/project/ministack/
 */
const CHECK = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';

/**
 * Installs a package from PyPI into a separate virtual environment, unless it is installed already.
 *
 * @returns the directory of its commands.
 * @throws UnavailableError if Python 3.10 or PyPI is not available.
 */
export function installFromPyPI(directory: string, name: string, version: string): string {
  const commands = join(directory, 'bin');
  const complete = join(directory, 'complete');
  if (existsSync(complete)) return commands;
  const python = INTERPRETERS.find((command) => run(command, ['-c', CHECK]).status === 0);
  if (python === undefined) {
    throw new UnavailableError('Python 3.10 or newer with venv and ensurepip is required');
  }
  rmSync(directory, { recursive: true, force: true });
  succeed(python, ['-m', 'venv', directory]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  // Wheels only, so that the installation runs no code of packages.
  const options = ['--only-binary', ':all:', '--retries', '1', '--timeout', '15'];
  succeed(join(commands, 'python'), [...pip, ...options, `${name}==${version}`]);
  writeFileSync(complete, '');
  return commands;
}

function succeed(command: string, args: readonly string[]): void {
  const { status, stderr } = run(command, args);
  if (status === 0) return;
  // pip prints this if no index responds. Otherwise it lists the available versions.
  if (stderr.includes('(from versions: none)')) throw new UnavailableError('PyPI is not reachable');
  throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
}

function run(command: string, args: readonly string[]) {
  return spawnSync(command, args, { encoding: 'utf8', timeout: 180_000 });
}

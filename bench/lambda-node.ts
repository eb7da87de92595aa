import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './build';

/** The Node.js of the Lambda runtime that is deployed, nodejs24.x. */
const VERSION = '24.9.0';

/**
 * The Node.js to measure on: this one if it is of the runtime's major, else the runtime's from npm, kept
 * beside other caches (as a dependency it would stand in for the machine's own in every npm script), else
 * this one after all, with a word about it.
 */
export function lambdaNode(): string {
  if (process.versions.node.split('.')[0] === VERSION.split('.')[0]) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const binary = join(CACHE, 'node_modules', name, 'bin', 'node');
  if (existsSync(binary)) return binary;
  try {
    const options = ['--no-save', '--no-package-lock', '--silent', '--prefix', CACHE];
    execFileSync('npm', ['install', ...options, `${name}@${VERSION}`], { stdio: 'ignore' });
    execFileSync(binary, ['--version']);
    return binary;
  } catch {
    console.error(`Node.js ${VERSION} cannot be had here: measuring on ${process.version}.`);
    return process.execPath;
  }
}

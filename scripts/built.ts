import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_READER, ROOT } from './bundles';

/** Files and directories on which the config reader depends. The lock file stands for the packages in it. */
const SOURCES = ['lib', 'lambda/contract.ts', 'scripts/bundles.ts', 'package-lock.json'].map(
  (path) => join(ROOT, path),
);

/**
 * Returns whether the bundle of the config reader is at least as new as its sources.
 *
 * @param bundle default: the bundle that `npm run build` writes
 */
export function isConfigReaderBuilt(
  bundle = CONFIG_READER.outfile ?? '',
  sources: readonly string[] = SOURCES,
): boolean {
  return existsSync(bundle) && Math.max(...sources.map(newest)) <= statSync(bundle).mtimeMs;
}

/** Returns the time of the last change of a file, or in a directory. Directories change with removed files. */
function newest(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const below = readdirSync(path).map((name) => newest(join(path, name)));
  return Math.max(stats.mtimeMs, ...below);
}

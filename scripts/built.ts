import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_READER, ROOT } from './bundles';

/** Files and directories with the sources of the config reader. */
const SOURCES = [join(ROOT, 'lib'), join(ROOT, 'lambda', 'contract.ts')];

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

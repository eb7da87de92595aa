import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CONSTRUCTS, ROOT } from './bundles';

/** Sources of the construct library. */
const SOURCES = [join(ROOT, 'lib'), join(ROOT, 'lambda', 'contract.ts')];

/**
 * Returns whether the bundle of the library is at least as new as its sources.
 *
 * @param bundle default: the bundle that `npm run build` writes
 */
export function isLibraryBuilt(
  bundle = CONSTRUCTS.outfile ?? '',
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

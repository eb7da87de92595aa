import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Bundles of functions that `npm run build` writes. */
export type BundleName = 'authorizer' | 'key-set' | 'rotation';

/**
 * Returns the directory of a bundle.
 *
 * @throws Error if there is no such bundle.
 */
export function bundleDirectory(name: BundleName): string {
  // The first path is relative to the compiled library in `dist`, the second one to this file.
  const candidates = [join(__dirname, name), join(__dirname, '..', '..', 'dist', name)];
  const directory = candidates.find((candidate) => existsSync(join(candidate, 'index.js')));
  if (directory === undefined) {
    throw new Error(
      `The bundle ${name} is missing in ${candidates.join(' and ')}: run "npm run build" first.`,
    );
  }
  return directory;
}

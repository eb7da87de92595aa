import { statSync, watch } from 'node:fs';
import { basename, dirname, sep } from 'node:path';

/** Directories whose files are written by programs. */
const GENERATED = new Set(['.git', 'build', 'cdk.out', 'coverage', 'dist', 'node_modules', 'out']);

/** Time without a change after which changes are reported, in milliseconds. Editors write in several steps. */
const QUIET_MS = 100;

/**
 * Reports changes of a file, or of any file in a directory that no program writes.
 *
 * @param onChange is not called again before it has settled.
 */
export function watchFiles(path: string, onChange: () => Promise<void>): { close(): void } {
  const isDirectory = statSync(path).isDirectory();
  // Editors replace a file, so that its directory has to be watched.
  const directory = isDirectory ? path : dirname(path);
  const matters = (name: string) =>
    isDirectory ? !name.split(sep).some((part) => GENERATED.has(part)) : name === basename(path);
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;
  async function report(): Promise<void> {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await onChange();
    } while (again);
    running = false;
  }
  const watcher = watch(directory, { recursive: isDirectory }, (_event, name) => {
    if (name === null || !matters(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void report(), QUIET_MS);
  });
  return {
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

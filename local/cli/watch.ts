import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

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
  const report = oneAtATime(onChange);
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  function changed(name: string | null): void {
    if (name === null || !(isDirectory ? !GENERATED.has(name) : name === basename(path))) return;
    if (isDirectory) watchAll(directoriesIn(path));
    clearTimeout(timer);
    timer = setTimeout(report, QUIET_MS);
  }
  function watchAll(directories: readonly string[]): void {
    for (const directory of directories.filter((it) => !watchers.has(it))) {
      const watcher = watch(directory, (_event, name) => changed(name));
      // The directory was deleted.
      watcher.on('error', () => watcher.close());
      watchers.set(directory, watcher);
    }
  }
  // Editors replace a file, so that its directory has to be watched.
  watchAll(isDirectory ? directoriesIn(path) : [dirname(path)]);
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

/** Returns a directory and those in it, without the generated ones, whose number can be large. */
function directoriesIn(path: string): readonly string[] {
  const below = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !GENERATED.has(entry.name))
    .flatMap(({ name }) => directoriesIn(join(path, name)));
  return [path, ...below];
}

/** Returns a function that runs a task, or runs it again after the current run. */
function oneAtATime(task: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await task();
    }
    running = false;
  };
}

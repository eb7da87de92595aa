import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchFiles } from '../../../local/cli/watch';

let directory: string;
const watchers: { close(): void }[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'watch-'));
  mkdirSync(join(directory, 'lib', 'api'), { recursive: true });
  mkdirSync(join(directory, 'node_modules'));
  writeFileSync(join(directory, 'config.json'), '{}');
});

afterEach(() => {
  for (const watcher of watchers.splice(0)) watcher.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Watches a path until the end of the test. */
function watchUntilEnd(path: string, onChange: () => void): void {
  watchers.push(watchFiles(path, async () => onChange()));
}

test.each([
  ['a file', 'config.json', 'config.json'],
  ['a file below a directory', '.', join('lib', 'api', 'orders.ts')],
])('reports a change of %s', async (_, watched, written) => {
  await new Promise<void>((resolve) => {
    watchUntilEnd(join(directory, watched), resolve);
    writeFileSync(join(directory, written), 'changed');
  });
});

test('reports a change in a directory that is new', async () => {
  await new Promise<void>((resolve) => {
    let reports = 0;
    watchUntilEnd(directory, () => {
      reports += 1;
      if (reports === 1) writeFileSync(join(directory, 'new', 'a.ts'), 'a');
      else resolve();
    });
    mkdirSync(join(directory, 'new'));
  });
});

test('reports no change of another file than the watched one', async () => {
  const reported: string[] = [];
  await new Promise<void>((resolve) => {
    watchUntilEnd(join(directory, 'config.json'), () => reported.push('config.json'));
    watchUntilEnd(directory, resolve);
    writeFileSync(join(directory, 'other.json'), '{}');
  });

  expect(reported).toEqual([]);
});

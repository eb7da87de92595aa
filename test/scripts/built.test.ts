import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isConfigReaderBuilt } from '../../scripts/built';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'built-'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, seconds: number): string {
  const file = join(directory, name);
  writeFileSync(file, '');
  utimesSync(file, seconds, seconds);
  return file;
}

test.each([
  ['newer than its sources', 3, true],
  ['as new as its sources', 2, true],
  ['older than a source', 1, false],
])('a config reader that is %s is built: %s', (_, seconds, built) => {
  const sources = [write('a.ts', 1), write('b.ts', 2)];

  expect(isConfigReaderBuilt(write('config-reader.js', seconds), sources)).toBe(built);
});

test('a config reader that is older than a folder of its sources is not built', () => {
  // The folder changes with each file that is added or removed.
  expect(isConfigReaderBuilt(write('config-reader.js', 3), [directory])).toBe(false);
});

test('a config reader that does not exist is not built', () => {
  expect(isConfigReaderBuilt(join(directory, 'none.js'), [write('a.ts', 1)])).toBe(false);
});

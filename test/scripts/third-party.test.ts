import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundledPackages, licenseTexts } from '../../scripts/third-party';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'third-party-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function install(directory: string, manifest: object, files: Record<string, string> = {}): void {
  mkdirSync(join(root, directory), { recursive: true });
  const all = { 'package.json': JSON.stringify({ version: '1.0.0', ...manifest }), ...files };
  for (const [name, text] of Object.entries(all)) {
    writeFileSync(join(root, directory, name), text);
  }
}

/** The metafile of a bundle that holds so many bytes of each file. */
function metafile(bytes: Record<string, number>): Metafile {
  const inputs = Object.fromEntries(
    Object.entries(bytes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
  );
  return {
    inputs: {},
    outputs: { 'index.js': { bytes: 1, inputs, imports: [], exports: [] } },
  };
}

const read = (bytes: Record<string, number>) => bundledPackages(metafile(bytes), root);

test('every package with code in the bundle is listed once, with its license and notice', () => {
  install('node_modules/b', { name: 'b', license: 'MIT' }, { 'LICENSE.md': 'text of b' });
  install(
    'node_modules/b/node_modules/@s/a',
    { name: '@s/a', license: 'Apache-2.0' },
    { LICENSE: 'text of a', NOTICE: 'notice of a' },
  );

  const packages = read({
    'lambda/handler.ts': 1,
    'node_modules/b/one.js': 1,
    'node_modules/b/two.js': 1,
    'node_modules/b/node_modules/@s/a/index.js': 1,
  });

  expect(packages).toEqual([
    {
      directory: 'node_modules/b/node_modules/@s/a',
      name: '@s/a',
      version: '1.0.0',
      license: 'Apache-2.0',
      texts: ['text of a', 'notice of a'],
    },
    {
      directory: 'node_modules/b',
      name: 'b',
      version: '1.0.0',
      license: 'MIT',
      texts: ['text of b'],
    },
  ]);
  expect(licenseTexts(packages)).toMatch(
    /@s\/a 1\.0\.0 \(Apache-2\.0\)\n\ntext of a\n\nnotice of a\n\n-+\n\nb 1\.0\.0 \(MIT\)\n\ntext of b\n$/,
  );
});

test('a package of which nothing is in the bundle is not listed', () => {
  expect(read({ 'node_modules/unused/index.js': 0 })).toEqual([]);
});

test('a package without the text that its license requires fails the build', () => {
  install('node_modules/a', { name: 'a', license: 'MIT' });

  expect(() => read({ 'node_modules/a/a.js': 1 })).toThrow('a must have a license file');
});

test('MIT-0 requires no text', () => {
  install('node_modules/a', { name: 'a', license: 'MIT-0' });

  expect(licenseTexts(read({ 'node_modules/a/a.js': 1 }))).toMatch(/a 1\.0\.0 \(MIT-0\)\n$/);
});

test('a package without a license fails the build', () => {
  install('node_modules/a', { name: 'a' }, { LICENSE: 'text' });

  expect(() => read({ 'node_modules/a/a.js': 1 })).toThrow('must be an SPDX expression');
});

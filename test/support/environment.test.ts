import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { ROOT } from './root';

const run = promisify(execFile);
const { transform, testEnvironment, runtime } = require('../../jest.config');

/** Runs test files in one process, in the order of their names, and returns what jest prints. */
async function runTestFiles(rootDir: string): Promise<string> {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(rootDir, dirname(path)), { recursive: true });
    writeFileSync(join(rootDir, path), text);
  }
  const [[pattern, [, swc]]] = Object.entries(transform) as [[string, [string, object]]];
  writeFileSync(
    join(rootDir, 'sequencer.js'),
    `module.exports = class {
      sort(tests) { return [...tests].sort((one, other) => (one.path < other.path ? -1 : 1)); }
      cacheResults() {}
    };`,
  );
  const config = {
    rootDir,
    testEnvironment: testEnvironment.replace('<rootDir>', ROOT),
    runtime: runtime.replace('<rootDir>', ROOT),
    testSequencer: '<rootDir>/sequencer.js',
    transform: { [pattern]: [require.resolve('@swc/jest'), swc] },
  };
  const jest = [
    require.resolve('jest/bin/jest'),
    '--runInBand',
    '--verbose',
    '--config',
    JSON.stringify(config),
  ];
  const env = { ...process.env, FORCE_COLOR: '1' };
  const { stderr } = await run(process.execPath, jest, { cwd: ROOT, env });
  return stderr;
}

const STATE = `() => [globalThis.left, process.env.LEFT, process.left, process.env.HOME,
  typeof setTimeout.clock, JSON.stringify({}), process.listenerCount('SIGTERM')]`;

const FILES = {
  'test/child.test.js': `
    const { execFileSync } = require('node:child_process');
    test('inherits the environment', () => {
      for (const options of [{}, { env: { ...process.env } }]) {
        const printed = execFileSync(process.execPath, ['-p', '42'], { ...options, encoding: 'utf8' });
        expect(printed).toBe('42\\n');
      }
    });`,
  'lib/first.js': `module.exports = (${STATE})();`,
  'test/traces-a.test.js': `
    require('../lib/first');
    test('leaves traces', () => {
      globalThis.left = 1;
      process.left = 1;
      process.env.LEFT = '1';
      delete process.env.HOME;
      process.on('SIGTERM', () => undefined);
      jest.useFakeTimers();
      jest.spyOn(JSON, 'stringify').mockReturnValue('mocked');
    });`,
  'test/traces-b.test.js': `
    test('finds no traces', () => expect((${STATE})()).toEqual(require('../lib/first')));
    test('has real timers', () => new Promise((resolve) => setTimeout(resolve, 1)));`,
  'lib/counter.js':
    'globalThis.process.loads = (globalThis.process.loads ?? 0) + 1; exports.n = {};',
  'lib/user.js': `exports.n = require('./counter').n;`,
  'test/modules-a.test.js': `
    const { n } = require('../lib/counter');
    test('has one instance', () => expect(require('../lib/user').n).toBe(n));
    test('has another instance after a reset', () => {
      jest.resetModules();
      expect(require('../lib/user').n).not.toBe(n);
    });`,
  'test/modules-b.test.js': `
    const { n } = require('../lib/counter');
    test('has the instance of all files', () => expect(process.loads).toBeUndefined());
    test('isolates what it asks for', () => {
      jest.isolateModules(() => expect(require('../lib/user').n).not.toBe(n));
      expect(require('../lib/user').n).toBe(n);
    });
    test('mocks what its modules import', () => {
      jest.doMock('../lib/counter', () => ({ n: 'mocked' }));
      expect(require('../lib/user').n).toBe('mocked');
    });`,
};

let printed: string;
/** Titles of the tests that passed. */
let passed: readonly string[];

beforeAll(async () => {
  const rootDir = mkdtempSync(join(tmpdir(), 'jest-'));
  printed = await runTestFiles(rootDir).finally(() => rmSync(rootDir, { recursive: true }));
  const lines = stripVTControlCharacters(printed).matchAll(/^ +✓ (.+?)(?: \(\d+ ms\))?$/gm);
  passed = Array.from(lines, ([, title = '']) => title);
});

test('child processes of tests print without colors where jest itself has them', () => {
  expect(printed).toContain('\u001b[');
  expect(passed).toContain('inherits the environment');
});

test('a test file finds globals, variables, timers and methods as if it were the first', () => {
  expect(passed).toEqual(
    expect.arrayContaining(['leaves traces', 'finds no traces', 'has real timers']),
  );
});

test('modules are loaded once for all test files, and again for a file that resets or mocks them', () => {
  expect(passed).toEqual(
    expect.arrayContaining([
      'has one instance',
      'has another instance after a reset',
      'has the instance of all files',
      'isolates what it asks for',
      'mocks what its modules import',
    ]),
  );
});

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './imports';

const run = promisify(execFile);
const { transform, testEnvironment } = require('../../jest.config');

test('child processes of tests print without colors where jest itself has them', async () => {
  const rootDir = mkdtempSync(join(tmpdir(), 'jest-'));
  try {
    writeFileSync(
      join(rootDir, 'child.test.js'),
      `const { execFileSync } = require('node:child_process');
      test('inherits the environment', () => {
        for (const options of [{}, { env: { ...process.env } }]) {
          const printed = execFileSync(process.execPath, ['-p', '42'], { ...options, encoding: 'utf8' });
          expect(printed).toBe('42\\n');
        }
      });`,
    );
    const [[pattern, [, swc]]] = Object.entries(transform) as [[string, [string, object]]];
    const config = {
      rootDir,
      testEnvironment: testEnvironment.replace('<rootDir>', ROOT),
      transform: { [pattern]: [require.resolve('@swc/jest'), swc] },
    };
    const args = ['--config', JSON.stringify(config)];
    const jest = require.resolve('jest/bin/jest');

    const { stderr } = await run(process.execPath, [jest, ...args], {
      cwd: ROOT,
      env: { ...process.env, FORCE_COLOR: '1' },
    });

    expect(stderr).toContain('\u001b[');
    expect(stderr).toContain('1 passed');
  } finally {
    rmSync(rootDir, { recursive: true });
  }
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBuild } from '../../scripts/run-build';
import { UserError } from '../../terminal/user-error';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'build-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a script instead of the build. */
function build(statement: string, signal = new AbortController().signal): Promise<void> {
  const script = join(directory, 'build.cjs');
  writeFileSync(script, statement);
  return runBuild(signal, script);
}

test('a build that succeeds resolves', async () => {
  await expect(build('process.exit(0)')).resolves.toBeUndefined();
});

test('a build that fails is an error that the user can correct', async () => {
  const failed = build('process.exit(1)');

  await expect(failed).rejects.toThrow(UserError);
  await expect(failed).rejects.toThrow('the build failed');
});

test('a build that is given up ends', async () => {
  const stopping = new AbortController();
  const building = build('setInterval(() => {}, 1000)', stopping.signal);

  stopping.abort();

  await expect(building).rejects.toThrow('the build failed');
});

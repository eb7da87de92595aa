import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from '../../../local/cli/arguments';
import { localCommand } from '../../../local/cli/local';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'arguments-'));
  writeFileSync(join(directory, 'secret.txt'), '{"client_id":"gateway"}\n');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Returns the arguments that the command `local` reads. */
function read(...args: string[]) {
  const command = localCommand().action(() => undefined);
  command.parse(args, { from: 'user' });
  return readArguments(command.opts(), { INIT_CWD: directory });
}

test("paths are relative to the caller's directory", () => {
  expect(read('--config', 'config.json')).toMatchObject({
    config: join(directory, 'config.json'),
    directory,
    watch: false,
  });
});

test('an app is named with its context, stack and stage', () => {
  const args = ['--app', 'node app.js', '--context', 'a=b=c', '--stack', 'Prod/Api'];
  expect(read(...args, '--stage', 'beta', '--port', '8080', '--watch')).toMatchObject({
    app: 'node app.js',
    context: { a: 'b=c' },
    stack: 'Prod/Api',
    stage: 'beta',
    port: 8080,
    watch: true,
  });
});

test('secrets have the content of their files, without the line end of an editor', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:client-AbCdEf';

  expect(read('--app', 'a', '--secret', `${arn}=secret.txt`).secrets).toEqual({
    [arn]: '{"client_id":"gateway"}',
  });
});

test.each([
  ['a secret without a file', ['--secret', 'x'], '--secret must be ARN=FILE, got: x'],
  [
    'a secret file that is missing',
    ['--secret', 'x=nowhere'],
    '--secret must name a file that can',
  ],
])('the error for %s states the rule', (_, args, sentence) => {
  expect(() => read('--app', 'a', ...args)).toThrow(sentence);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../cli/program';
import { WIDTH } from '../../terminal/wrap';
import { callCommand } from '../support/called-command';
import { runCommand } from '../support/local-command';
import { ROOT } from '../support/root';

const program = createProgram();
const commands = [program, ...program.commands].map((command): [string, Command] => [
  command.name(),
  command,
]);

/** Returns what the parser of arguments prints and throws. */
async function parse(command: Command, args: readonly string[]) {
  const printed: string[] = [];
  command.configureOutput({ writeErr: (text) => printed.push(text), writeOut: () => undefined });
  const error = await command.parseAsync(args, { from: 'user' }).catch((thrown: unknown) => thrown);
  return { error, printed: printed.join('') };
}

test('the command line has the documented commands', () => {
  expect(program.commands.map((command) => command.name())).toEqual([
    'start',
    'example',
    'token',
    'local',
    'demo',
    'doctor',
    'init',
  ]);
});

test.each(commands)('the help of %s has at most 80 columns and no colors', (_name, command) => {
  const lines = command.helpInformation().split('\n');

  expect(lines.filter((line) => line.length > WIDTH)).toEqual([]);
  expect(lines.join('\n')).not.toContain('\u001b');
  expect(lines[0]).toMatch(/^Usage: (npm|phantom-token) /);
});

test.each(commands)('%s --help exits with 0', async (_name, command) => {
  expect((await parse(command, ['--help'])).error).toMatchObject({
    code: 'commander.helpDisplayed',
    exitCode: 0,
  });
});

test.each(commands)('%s rejects an unknown option with a hint', async (_name, command) => {
  const { error, printed } = await parse(command, ['--hepl']);

  expect(error).toMatchObject({ code: 'commander.unknownOption' });
  expect(printed).toBe("error: unknown option '--hepl'\n(Did you mean --help?)\n");
});

test('an unknown command exits with 2 and a hint', async () => {
  expect(await callCommand(['docter'])).toEqual({
    status: 2,
    stdout: '',
    stderr: "error: unknown command 'docter'\n(Did you mean doctor?)\n",
  });
});

test('doctor prints colors if they are forced', async () => {
  const doctor = runCommand('doctor', ['--config', 'missing.json'], { FORCE_COLOR: '1' });

  expect(await doctor.ended()).toBe(1);
  expect(doctor.stdout()).toContain('\u001b[31mfault  \u001b[39mconfig');
});

test('a command whose reader has gone ends with 0 and prints no error', async () => {
  const child = spawn(process.execPath, [join('dist', 'cli', 'main.js'), '--help'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [status] = await once(child, 'close');

  expect(status).toBe(0);
  expect(errors).toBe('');
});

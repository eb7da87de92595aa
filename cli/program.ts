import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { doctorCommand, initCommand } from '../doctor/commands';
import { demoCommand } from '../local/cli/demo';
import { localCommand } from '../local/cli/local';
import { exampleCommand, startCommand } from '../local/cli/start';
import { tokenCommand } from '../local/cli/token';
import { createCommand } from '../terminal/command';
import { PROJECT } from '../terminal/project';

/** Creates the command line with all commands. */
export function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  const program = createCommand('phantom-token', 'The phantom token pattern on AWS API Gateway.');
  program.version(version, '-v, --version', 'print the version');
  const commands = [
    startCommand(),
    exampleCommand(),
    tokenCommand(),
    localCommand(),
    demoCommand(),
    doctorCommand(),
    initCommand(),
  ];
  for (const command of commands) if (command) program.addCommand(command);
  return program;
}

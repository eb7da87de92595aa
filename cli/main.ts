import './require-node';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { doctorCommand, initCommand } from '../doctor/commands';
import { demoCommand } from '../local/cli/demo';
import { localCommand } from '../local/cli/local';
import { exampleCommand, startCommand } from '../local/cli/start';
import { tokenCommand } from '../local/cli/token';
import { createCommand, runCommand } from '../terminal/command';
import { PROJECT } from '../terminal/project';

const program = createCommand('phantom-token', 'The phantom token pattern on AWS API Gateway.').version(
  version(),
  '-v, --version',
  'print the version',
);
for (const command of [
  startCommand(),
  exampleCommand(),
  tokenCommand(),
  localCommand(),
  demoCommand(),
  doctorCommand(),
  initCommand(),
]) {
  if (command) program.addCommand(command);
}

/** Returns the version of the project, or of the package. */
function version(): string {
  return JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')).version;
}

runCommand(program, process.argv.slice(2));

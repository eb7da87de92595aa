import './require-node';
import { doctorCommand, initCommand } from '../doctor/commands';
import { demoCommand } from '../local/cli/demo';
import { localCommand } from '../local/cli/local';
import { exampleCommand, startCommand } from '../local/cli/start';
import { tokenCommand } from '../local/cli/token';
import { createCommand, runCommand } from '../terminal/command';

const program = createCommand('phantom-token', 'The phantom token pattern on AWS API Gateway.');
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

runCommand(program, process.argv.slice(2));

import { Command, CommanderError } from 'commander';
import { endOnBrokenPipe } from './broken-pipe';
import { invocation } from './invocation';
import { styleOf } from './style';
import { UsageError, UserError } from './user-error';

/** Creates a command with `--help`, of which an unknown option is an error with a hint. */
export function createCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .helpOption('-h, --help', 'print this text')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({
      commandUsage: (command) => usage(command),
      styleTitle: (text) => styleOf(process.stdout)('bold', text),
    });
}

/** Returns the usage of a command as it is called, by npm or by npx. */
function usage(command: Command): string {
  const { parent } = command;
  return parent === null
    ? `${command.name()} ${command.usage()}`
    : invocation(command.name(), command.usage());
}

/** Runs the command that the arguments name. Exits with 2 for a wrong argument and with 1 for another error. */
export async function runCommand(program: Command, args: readonly string[]): Promise<void> {
  endOnBrokenPipe();
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    const status = reportError(error);
    const command = program.commands.find((it) => it.name() === args[0]);
    if (status === 2 && command)
      console.error(`(options: ${invocation(command.name(), '--help')})`);
    process.exit(status);
  }
}

/** Prints an error, unless the parser of arguments has printed it, and returns the exit status. */
function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  console.error(error instanceof UserError ? error.message : error);
  return error instanceof UsageError ? 2 : 1;
}

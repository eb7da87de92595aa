import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Error of the arguments of a command, for its exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Parses the options of a command.
 *
 * @throws UsageError for an unknown option, or one without its value.
 */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Returns a path relative to the directory of the caller. npm runs scripts in the directory of the project. */
export function callerPath(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '.', path);
}

/** Prints an error of the arguments and the usage, and sets exit status 2. Other errors are thrown again. */
export function reportUsage(error: unknown, usage: string): void {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${usage}`);
  process.exitCode = 2;
}

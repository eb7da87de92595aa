import type { Command } from 'commander';
import { createCommand } from '../terminal/command';
import type * as Init from './init';
import type * as Main from './main';

/** Creates the command `doctor`. */
export function doctorCommand(): Command {
  return createCommand('doctor', 'Checks a config against its servers, and changes nothing.')
    .option('--config <file>', 'config file')
    .option('--token-file <file>', 'access token to decide about; - is standard input')
    .option('--json', 'prints JSON instead of a table')
    .addHelpText(
      'after',
      `
The credentials of the introspection client come from INTROSPECTION_CLIENT_ID
and INTROSPECTION_CLIENT_SECRET, or as the JSON of the secret from
INTROSPECTION_CREDENTIALS.

Exit status: 0 no fault, 1 a fault, 2 wrong usage.`,
    )
    .action((options: Main.DoctorOptions) => {
      const { doctor }: typeof Main = require('./main');
      return doctor(options);
    });
}

/** Creates the command `init`. */
export function initCommand(): Command {
  return createCommand(
    'init',
    'Writes a config file for an authorization server, from its discovery document. Asks for the issuer and the ' +
      'upstream if they are not given, on a terminal.',
  )
    .option('--issuer <url>', 'issuer of the access tokens')
    .option('--upstream <url>', 'base URL of the upstream API')
    .option('--audience <value>', 'value that the audience of tokens must contain')
    .option('--output <file>', 'config file to write', 'config.json')
    .option('--force', 'replaces the file if it exists')
    .addHelpText('after', '\nExit status: 0 written, 1 the server does not work, 2 wrong usage.')
    .action((options: Init.InitOptions) => {
      const { init }: typeof Init = require('./init');
      return init(options);
    });
}

import { type Command, Option } from 'commander';
import { createCommand } from '../../terminal/command';
import type { Closable } from '../closable';
import { type LocalOptions, readArguments } from './arguments';
import { checkEarly } from './check-early';
import { secretValueFrom } from './credentials';
import {
  collect,
  inspectorPortOption,
  logOption,
  portOption,
  requestLog,
  wholeNumber,
} from './options';
import { runUntilSignal } from './run';
import type * as Serve from './serve';

/** Build of the files that local mode needs. */
interface Build {
  /** True if it must run before the config is checked. Else it runs after what can fail early. */
  readonly comesFirst: boolean;
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Creates the command `local`.
 *
 * @param build runs before the app. Default: nothing is built.
 */
export function localCommand(build?: Build): Command {
  return createCommand('local', 'Serves a config, or the APIs of a CDK app, on this machine.')
    .option('--config <file>', 'deployment config to serve')
    .option('--app <command>', 'command of a CDK app to serve instead')
    .option('--context <name=value>', 'context of the app; repeatable', collect)
    .option('--stack <name>', 'stack to serve; default: the only one with an API')
    .option('--stage <name>', 'stage of the APIs; default: the first one of each')
    .option('--secret <arn=file>', 'value of a secret, by ARN or name; repeatable', collect)
    .addOption(portOption('port of the first API; default: a free one'))
    .addOption(
      new Option(
        '--max-environments <number>',
        'execution environments of each function; default: 4',
      ).argParser((text) => wholeNumber('--max-environments', text, 1, 999)),
    )
    .option('--client-ca <file>', 'trust store (PEM) for client certificates; default: generated')
    .option('--tls-cert <file>', 'server certificate (PEM) for mutual TLS; default: generated')
    .option('--tls-key <file>', 'private key (PEM) of the server certificate')
    .option('--watch', 'serves changes of the config or the app on the same ports')
    .addOption(inspectorPortOption('serves the inspector on a port; 0: a free one'))
    .addOption(logOption())
    .addHelpText(
      'after',
      `
The credentials of the introspection client come from INTROSPECTION_CLIENT_ID
and INTROSPECTION_CLIENT_SECRET, or as the JSON of the secret from
INTROSPECTION_CREDENTIALS.`,
    )
    .action((options: LocalOptions) => runUntilSignal((signal) => start(options, signal, build)));
}

async function start(
  options: LocalOptions,
  signal: AbortSignal,
  build: Build | undefined,
): Promise<Closable> {
  const given = readArguments(options, process.env);
  if (build?.comesFirst) await build.run(signal);
  await checkEarly(given);
  if (build?.comesFirst === false) await build.run(signal);
  const { serve }: typeof Serve = require('./serve');
  const secretValue = secretValueFrom(given, process.env);
  return serve({ ...given, secretValue, signal }, requestLog(given.log));
}

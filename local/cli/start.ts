import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createCommand } from '../../terminal/command';
import { PROJECT } from '../../terminal/project';
import { UsageError } from '../../terminal/user-error';
import type { LogFormat } from '../requests/log-format';
import { inspectorPortOption, logOption, portOption, requestLog } from './options';
import { runUntilSignal } from './run';
import type * as ServeSandbox from './serve-sandbox';

const EXAMPLES = join(PROJECT, 'examples');

const INSPECTOR_PORT = 'port of the inspector; default: 9420, or the next free one';

interface StartOptions {
  readonly port?: number;
  readonly inspectorPort?: number;
  readonly mint?: boolean;
  readonly log: LogFormat;
}

/** Creates the command `start`. */
export function startCommand(): Command {
  return createCommand(
    'start',
    'Runs local mode with an embedded authorization server and a sample API.',
  )
    .addOption(portOption('port of the API; default: 8080, or the next free one'))
    .addOption(inspectorPortOption(INSPECTOR_PORT))
    .option('--mint', 'has the gateway mint the phantom tokens')
    .addOption(logOption())
    .action((options: StartOptions) => run(options));
}

/** Creates the command `example`; `undefined` in the package, which has no examples. */
export function exampleCommand(): Command | undefined {
  if (!existsSync(EXAMPLES)) return undefined;
  return createCommand('example', 'Serves an example app, as start does.')
    .argument('<name>', `one of: ${exampleNames().join(', ')}`)
    .addOption(portOption('port of the first API; default: 8080, or the next free one'))
    .addOption(inspectorPortOption(INSPECTOR_PORT))
    .addOption(logOption())
    .action((name: string, options: StartOptions) => {
      if (!exampleNames().includes(name)) {
        const available = exampleNames().join(', ');
        throw new UsageError(`unknown example '${name}'; available: ${available}`);
      }
      return run({ ...options, app: `node --require tsx/cjs examples/${name}.ts` });
    });
}

function run({ log, ...options }: StartOptions & { readonly app?: string }): Promise<void> {
  return runUntilSignal((signal) => {
    const { serveSandbox }: typeof ServeSandbox = require('./serve-sandbox');
    return serveSandbox({ ...options, signal }, requestLog(log));
  });
}

function exampleNames(): readonly string[] {
  return readdirSync(EXAMPLES)
    .filter((file) => file.endsWith('.ts') && file !== 'example-context.ts')
    .map((file) => file.replace(/\.ts$/, ''));
}

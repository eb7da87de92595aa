import type { Command } from 'commander';
import { createCommand } from '../../terminal/command';
import type * as Run from './demo/run';

/** Creates the command `demo`. */
export function demoCommand(): Command {
  return createCommand('demo', 'Shows the whole flow on this machine, step by step.')
    .option('--mint', 'has the gateway mint the phantom tokens', false)
    .action(async ({ mint }: { readonly mint: boolean }) => {
      const { runDemo }: typeof Run = require('./demo/run');
      const passed = await runDemo(mint);
      process.exit(passed ? 0 : 1);
    });
}

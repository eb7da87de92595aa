import { readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { invocation } from './invocation.js';

/** Time and processor time of a phase, in milliseconds. */
export interface Phase {
  readonly elapsed: number;
  readonly cpu: number;
}

/** A cold start: of the process, until the handler is loaded, and of its first invocation. */
export interface ColdStart {
  readonly init: Phase;
  readonly invocation: Phase;
  /** Result of the function. */
  readonly result: unknown;
}

type Handler = (event: object, context: object) => Promise<unknown>;

/** Descriptors of the pipes to the measuring process. */
const [REPORTS, COMMANDS] = [3, 4];

const [, , bundle = '', credential = ''] = process.argv;
const handler = await load(bundle);
const init: Phase = { elapsed: performance.now(), cpu: cpuMilliseconds() };
writeSync(REPORTS, '\n');
// Blocks, as Lambda freezes the environment, until the share of the processor is set.
readSync(COMMANDS, Buffer.alloc(1));
const start = performance.now();
const cpu = cpuMilliseconds();
const result = await handler(...invocation(credential));
const report: ColdStart = {
  init,
  invocation: { elapsed: performance.now() - start, cpu: cpuMilliseconds() - cpu },
  result,
};
writeSync(REPORTS, JSON.stringify(report));
process.exit();

/**
 * Loads a handler as Lambda's runtime does, which is an ES module itself: code that is not an ES module by `require`. The
 * functions that are compared with ours get the preparation that our entry point awaits.
 */
async function load(path: string): Promise<Handler> {
  if (path.endsWith('.mjs')) return (await import(pathToFileURL(path).href)).handler;
  const { handler, prepare } = createRequire(import.meta.url)(path);
  await prepare?.();
  return handler;
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

import type { EventEmitter } from 'node:events';
import { format } from 'node:util';
import { createProgram } from '../../cli/program';
import { runCommand } from '../../terminal/command';

/** Command that has ended. */
export interface EndedCommand {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command of the command line in this process, which starts no process and loads modules once. It must end by
 * itself.
 */
export async function callCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<EndedCommand> {
  const { env, exitCode, stdin, stdout, stderr } = process;
  const streams = [stdin, stdout, stderr].map((stream) => [stream, stream.isTTY] as const);
  const removeListeners = listenersSince();
  const printed = { stdout: '', stderr: '' };
  const printTo = (name: 'stdout' | 'stderr', end: string) =>
    ((...values: unknown[]) => {
      printed[name] += `${format(...values)}${end}`;
      return true;
    }) as never;
  let status: number | undefined;
  const spies = [
    jest.spyOn(console, 'log').mockImplementation(printTo('stdout', '\n')),
    jest.spyOn(console, 'error').mockImplementation(printTo('stderr', '\n')),
    jest.spyOn(stdout, 'write').mockImplementation(printTo('stdout', '')),
    jest.spyOn(stderr, 'write').mockImplementation(printTo('stderr', '')),
    jest.spyOn(process, 'exit').mockImplementation(((code: number) => {
      status ??= code;
    }) as never),
  ];
  // As in a pipe, and in a new process.
  for (const [stream] of streams) stream.isTTY = false;
  process.env = { ...env, ...environment };
  process.exitCode = undefined;
  try {
    await runCommand(createProgram(), args);
    return { status: status ?? Number(process.exitCode ?? 0), ...printed };
  } finally {
    for (const [stream, isTTY] of streams) stream.isTTY = isTTY;
    process.env = env;
    process.exitCode = exitCode;
    for (const spy of spies) spy.mockRestore();
    removeListeners();
  }
}

/** Returns a function that removes the listeners that commands have added since, until their process ends. */
function listenersSince(): () => void {
  const emitters: readonly (readonly [EventEmitter, string])[] = [
    [process, 'SIGINT'],
    [process, 'SIGTERM'],
    [process.stdout, 'error'],
    [process.stderr, 'error'],
  ];
  const before = emitters.map(([emitter, event]) => new Set(emitter.listeners(event)));
  return () => {
    for (const [index, [emitter, event]] of emitters.entries()) {
      for (const listener of emitter.listeners(event)) {
        if (!before[index]?.has(listener)) emitter.off(event, listener as () => void);
      }
    }
  };
}

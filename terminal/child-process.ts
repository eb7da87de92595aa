import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** Time that a process has to end after SIGTERM, in milliseconds. */
const GRACE_MS = 1000;

/**
 * Starts a program. When the signal is aborted, the program ends, with all that it has started itself.
 *
 * @param signal default: the program ends with the terminal's signals, as those of other processes
 */
export function spawnUntil(
  signal: AbortSignal | undefined,
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  if (signal === undefined) return spawn(command, args, options);
  // A process group of its own, since a shell does not pass signals on.
  const child = spawn(command, args, { ...options, detached: true });
  const end = () => {
    endGroup(child, 'SIGTERM');
    setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS).unref();
  };
  signal.addEventListener('abort', end);
  child.once('close', () => signal.removeEventListener('abort', end));
  if (signal.aborted) end();
  return child;
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Memory at which Lambda gives one processor, in MB. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MEMORY_OF_ONE_PROCESSOR = 1769;

/** Period of the scheduler in which the share is used up, in microseconds, as measured in Lambda. */
const PERIOD_US = 20_000;

/** Share of a processor that a function has with an amount of memory, in MB. */
export const shareOf = (memory: number) => Math.min(1, memory / MEMORY_OF_ONE_PROCESSOR);

/** Limit of the processor time of processes. */
export interface ProcessorShare {
  /** Limits a process from now on. */
  limit(pid: number): void;
  remove(): void;
}

/**
 * Creates a control group that gets a share of one processor. Returns `undefined` where that is not permitted.
 *
 * @see https://docs.kernel.org/scheduler/sched-bwc.html and https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu
 */
export function limitProcessor(share: number): ProcessorShare | undefined {
  const quota = Math.round(PERIOD_US * share);
  const name = `phantom-token-bench-${process.pid}`;
  const [v1, v2] = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'];
  const isV1 = existsSync(join(v1, 'cpu.cfs_quota_us')) || existsSync(join(v1, 'tasks'));
  const directory = join(isV1 ? v1 : v2, name);
  const settings: readonly [string, string][] = isV1
    ? [
        ['cpu.cfs_period_us', String(PERIOD_US)],
        ['cpu.cfs_quota_us', String(quota)],
      ]
    : [['cpu.max', `${quota} ${PERIOD_US}`]];
  try {
    mkdirSync(directory);
    for (const [file, text] of settings) {
      // A plain directory would take any file.
      if (!existsSync(join(directory, file))) throw new Error('there is no such control');
      writeFileSync(join(directory, file), text);
    }
  } catch {
    if (existsSync(directory)) rmdirSync(directory);
    return undefined;
  }
  return {
    limit: (pid) => writeFileSync(join(directory, 'cgroup.procs'), String(pid)),
    remove: () => rmdirSync(directory),
  };
}

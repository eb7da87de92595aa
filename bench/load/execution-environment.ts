import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Resources that an execution environment has used. */
export interface Usage {
  /** Processor time since it started, in milliseconds. */
  readonly cpuMs: number;
  readonly residentBytes: number;
  readonly sockets: number;
}

/** Ticks of /proc in a second, as good as everywhere. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS_PER_SECOND = 100;

/** The execution environment of local mode, as Linux sees it; there is one. */
export function usageOfExecutionEnvironment(): Usage {
  const pid = children().find((child) => isExecutionEnvironment(child));
  if (pid === undefined) throw new Error('no execution environment was found; this needs Linux');
  // After the command's name in parentheses: state, parent, ...
  const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  const resident = /VmRSS:\s+(\d+) kB/.exec(read(pid, 'status'))?.[1];
  return {
    cpuMs: (ticks * 1000) / TICKS_PER_SECOND,
    residentBytes: Number(resident) * 1024,
    sockets: socketsOf(pid),
  };
}

function children(): string[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
}

function isExecutionEnvironment(pid: string): boolean {
  return read(pid, 'environ').includes('AWS_LAMBDA_FUNCTION_NAME=');
}

function socketsOf(pid: string): number {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`));
  return links.filter((target) => target.startsWith('socket:')).length;
}

function read(pid: string, file: string): string {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8');
}

/** A descriptor may be closed while they are counted. */
function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

import { resolve } from 'node:path';
import { IS_PACKED } from './project';

/** Commands whose standard output programs read. npm prints the script before it, unless it is silent. */
const OUTPUT_READ: readonly string[] = ['doctor', 'local', 'token'];

/** Returns how a command is called, by npm in a clone and by npx from the package. */
export function invocation(command: string, args = ''): string {
  if (IS_PACKED) return `npx phantom-token ${command} ${args}`.trimEnd();
  const silent = OUTPUT_READ.includes(command) ? '-s ' : '';
  const script = command === 'start' ? 'npm start' : `npm run ${silent}${command}`;
  return args === '' ? script : `${script} -- ${args}`;
}

/** Returns the directory in which the user called the command: npm runs scripts in that of the project. */
export function callerDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve((IS_PACKED ? undefined : environment['INIT_CWD']) ?? '.');
}

/** Returns an absolute path, from one that is relative to the directory of the caller. */
export function callerPath(path: string): string {
  return resolve(callerDirectory(), path);
}

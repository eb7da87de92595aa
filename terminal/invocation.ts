import { resolve } from 'node:path';

/** Flag that this is the packed command, which is compiled. In a clone it is called by npm scripts. */
const isPacked = __filename.endsWith('.js');

/** Returns the text by which a command is called, to which arguments can be appended. */
export function invocation(command: string): string {
  if (isPacked) return `npx phantom-token ${command}`;
  if (command === 'start') return 'npm start --';
  // npm prints the script before its output, unless it is silent.
  return command === 'token' ? 'npm run -s token --' : `npm run ${command} --`;
}

/** Returns the directory in which the user called the command: npm runs scripts in that of the project. */
export function callerDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve((isPacked ? undefined : environment['INIT_CWD']) ?? '.');
}

/** Returns an absolute path, from one that is relative to the directory of the caller. */
export function callerPath(path: string): string {
  return resolve(callerDirectory(), path);
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Handler } from './deployment';
import { ROOT } from './root';

const BUNDLE = join(ROOT, 'dist', 'authorizer', 'index.js');
const RUNTIME = `
  const { handler } = require(process.argv[1]);
  process.on('disconnect', () => process.exit());
  process.on('message', ({ id, event, context }) => {
    const report = (outcome) => process.send({ id, ...outcome });
    handler(event, context).then((result) => report({ result }), ({ message }) => report({ message }));
  });
`;

/** An execution environment in a process of its own, which can be frozen as Lambda freezes it. */
export function startFunctionProcess(environment: Record<string, string | undefined>) {
  const child = spawn(process.execPath, ['-e', RUNTIME, BUNDLE], {
    // Colors and loaders of this process are none of its business.
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let invocations = 0;
  const handle = (event: unknown, context: unknown) => {
    invocations += 1;
    const id = invocations;
    return new Promise((resolve, reject) => {
      const exited = () => reject(new Error('the process ended'));
      const receive = (report: { id: number; result?: unknown; message?: string }) => {
        if (report.id !== id) return;
        child.off('message', receive).off('exit', exited);
        if (report.message === undefined) resolve(report.result);
        else reject(new Error(report.message));
      };
      child.on('message', receive).on('exit', exited);
      child.send({ id, event, context });
    });
  };
  return {
    handle: handle as Handler,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    end: () => child.kill('SIGKILL'),
  };
}

import { once } from 'node:events';
import { spawnUntil } from '../terminal/child-process';
import { UserError } from '../terminal/user-error';
import { ROOT } from './bundles';

/**
 * Runs the build in a process of its own, with all output on standard error.
 *
 * @param signal ends it
 * @param script default: that of `npm run build`
 * @throws UserError if it fails.
 */
export async function runBuild(signal: AbortSignal, script = 'scripts/build.ts'): Promise<void> {
  const child = spawnUntil(signal, process.execPath, ['--require', 'tsx/cjs', script], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new UserError('the build failed');
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { type AuditReport, advisories } from './advisories';
import { FUNCTIONS, ROOT } from './bundles';
import { bundledPackages } from './third-party';

/**
 * Prints the known vulnerabilities by npm's advisories. Returns 1 if one is in a package that is shipped, as a
 * dependency or in a function's bundle. One in a development tool is reported only, as is a registry without an audit
 * endpoint.
 *
 * @param directory of the lock file that npm reads
 * @see https://docs.npmjs.com/cli/v11/commands/npm-audit
 */
export async function audit(environment: NodeJS.ProcessEnv, directory = ROOT): Promise<0 | 1> {
  const report = await reportOfNpm(environment, directory);
  if (report.vulnerabilities === undefined) {
    console.error(`npm audit could not run, nothing was checked: ${report.message ?? 'no report'}`);
    return 0;
  }
  const { shipped, others } = advisories(report.vulnerabilities, await shippedPackages());
  for (const line of others) console.log(`development only: ${line}`);
  for (const line of shipped) console.error(`shipped: ${line}`);
  console.log(`${shipped.length} vulnerable packages are shipped, ${others.length} are not`);
  return shipped.length > 0 ? 1 : 0;
}

async function reportOfNpm(env: NodeJS.ProcessEnv, cwd: string): Promise<AuditReport> {
  const options = ['--json', '--fetch-retries=0', '--fetch-timeout=30000'];
  const npm = spawn('npm', ['audit', ...options], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const failed = once(npm, 'error').then(([error]) => (error as Error).message);
  const printed = await Promise.race([failed.then((message) => ({ message })), text(npm.stdout)]);
  if (typeof printed !== 'string') return printed;
  try {
    return JSON.parse(printed);
  } catch {
    return { message: 'the output of npm is not JSON' };
  }
}

/** Returns the directories of dependencies and of packages in the bundles, as in the lock file. */
async function shippedPackages(): Promise<Set<string>> {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const dependencies = Object.entries<{ dev?: boolean; devOptional?: boolean; peer?: boolean }>(
    packages,
  )
    .filter(([directory, { dev, devOptional, peer }]) => directory && !(dev || devOptional || peer))
    .map(([directory]) => directory);
  const bundles = FUNCTIONS.flatMap((asset) => asset.bundles);
  const bundled = await Promise.all(
    bundles.map(async (options) => {
      const { metafile } = await build({
        ...options,
        absWorkingDir: ROOT,
        metafile: true,
        write: false,
      });
      return bundledPackages(metafile, ROOT).map(({ directory }) => directory);
    }),
  );
  return new Set([...dependencies, ...bundled.flat()]);
}

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type AuditReport, advisories } from './advisories';
import { FUNCTIONS, ROOT } from './bundles';
import { bundledPackages } from './third-party';

/**
 * `npm run audit`: known vulnerabilities by npm's advisories. One in a package that is shipped, as a
 * dependency or in a function's bundle, fails; one in a development tool is reported. A registry
 * without an audit endpoint does not fail.
 *
 * @see https://docs.npmjs.com/cli/v11/commands/npm-audit
 */
async function main(): Promise<void> {
  const report = audit();
  if (report.vulnerabilities === undefined) {
    console.error(`npm audit could not run, nothing was checked: ${report.message ?? 'no report'}`);
  } else {
    const { shipped, others } = advisories(report.vulnerabilities, await shippedPackages());
    for (const line of others) console.log(`development only: ${line}`);
    for (const line of shipped) console.error(`shipped: ${line}`);
    console.log(`${shipped.length} vulnerable packages are shipped, ${others.length} are not`);
    if (shipped.length > 0) process.exitCode = 1;
  }
}

function audit(): AuditReport {
  const options = ['--json', '--fetch-retries=0', '--fetch-timeout=30000'];
  const { stdout, error } = spawnSync('npm', ['audit', ...options], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error) return { message: error.message };
  try {
    return JSON.parse(stdout);
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

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

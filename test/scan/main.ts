import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { App } from 'aws-cdk-lib';
import { loadDeploymentConfig, PhantomTokenStack } from '../../lib';
import { installFromPyPI, UnavailableError } from '../deploy/python';
import { ROOT } from '../support/root';
import { CONFIGS, LEFT_OF_CHECKOV, VERSIONS } from './expected';

const CACHE = join(ROOT, 'node_modules', '.cache');

/**
 * `npm run test:scan [-- --where-possible]`: has cfn-lint and checkov scan the templates of both kinds of API,
 * and compares the findings with those that docs/scanners.md explains. With `--where-possible` it exits with 0
 * if the scanners cannot be installed.
 */
function scan(): boolean {
  const [cfnLint, checkov] = (['cfn-lint', 'checkov'] as const).map((name) =>
    join(installFromPyPI(join(CACHE, `${name}-${VERSIONS[name]}`), name, VERSIONS[name]), name),
  );
  const directory = mkdtempSync(join(tmpdir(), 'scan-'));
  try {
    const results = Object.entries(CONFIGS).map(([name, config]) => {
      const template = synthesize(directory, name, config);
      const lint = findings(cfnLint ?? '', ['--format', 'parseable', template], /:([EWI]\d{4}):/g);
      const arguments_ = ['--framework', 'cloudformation', '--compact', '--quiet', '-f', template];
      const found = findings(checkov ?? '', arguments_, /Check: (CKV2?_\w+)/g);
      return [
        report(`${name}: cfn-lint`, lint, []),
        report(`${name}: checkov`, found, LEFT_OF_CHECKOV[name] ?? []),
      ];
    });
    return results.flat().every((passed) => passed);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Returns the path of the template of a config. */
function synthesize(directory: string, name: string, config: object): string {
  const file = join(directory, `${name}.json`);
  writeFileSync(file, JSON.stringify(config));
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
  const app = new App({ context, outdir: join(directory, name) });
  new PhantomTokenStack(app, name, { config: loadDeploymentConfig(file, { local: false }) });
  return app.synth().getStackByName(name).templateFullPath;
}

/** Returns the different rules in the output of a scanner. */
function findings(command: string, args: readonly string[], rule: RegExp): readonly string[] {
  const { stdout, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 300_000 });
  if (error) throw error;
  return [...new Set([...stdout.matchAll(rule)].map(([, id = '']) => id))].sort();
}

function report(title: string, found: readonly string[], expected: readonly string[]): boolean {
  const passed = found.join() === [...expected].sort().join();
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${title}: ${found.join(', ') || 'nothing'}`);
  if (!passed) console.log(`     expected: ${expected.join(', ') || 'nothing'}`);
  return passed;
}

const { 'where-possible': wherePossible } = parseArgs({
  options: { 'where-possible': { type: 'boolean', default: false } },
}).values;

try {
  process.exitCode = scan() ? 0 : 1;
} catch (error) {
  if (!(error instanceof UnavailableError)) throw error;
  console.log(`Nothing was scanned: ${error.message}.`);
  process.exitCode = wherePossible ? 0 : 1;
}

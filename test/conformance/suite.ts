import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { lambdaNode } from '../../bench/lambda-node';

const CACHE = join(__dirname, '..', '..', 'node_modules', '.cache', 'mcp-conformance');

/** Version of `@modelcontextprotocol/conformance` that the results in docs/mcp.md are of. */
export const VERSION = '0.1.16';

/** Installs the suite into a cache, since it needs a later Node.js than this project. Returns its script. */
export function installSuite(): string {
  const name = '@modelcontextprotocol/conformance';
  const options = ['--no-save', '--no-package-lock', '--silent', '--ignore-scripts'];
  execFileSync('npm', ['install', ...options, '--prefix', CACHE, `${name}@${VERSION}`]);
  return join(CACHE, 'node_modules', name, 'dist', 'index.js');
}

/** Runs the active scenarios for servers. Returns by scenario whether all of its checks passed. */
export async function runSuite(script: string, url: URL): Promise<ReadonlyMap<string, boolean>> {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const suite = spawn(lambdaNode(), [script, 'server', '--url', url.href], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output = await text(suite.stdout);
    const results = [...output.matchAll(/^([✓✗]) (\S+): \d+ passed, \d+ failed/gm)];
    if (results.length === 0) throw new Error(`the suite printed no results:\n${output}`);
    return new Map(results.map(([, mark, scenario = '']) => [scenario, mark === '✓']));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

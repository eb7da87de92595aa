import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export const ROOT = join(__dirname, '..');

/** Folder of the files that the benchmarks build. */
export const CACHE = join(ROOT, 'node_modules', '.cache', 'phantom-token-bench');

/** Folder that is deployed; `npm run build` makes it. */
const DEPLOYED = join(ROOT, 'dist', 'authorizer');

/** Entry point of the function, which a cold start loads. */
export const ENTRY_POINT = join(DEPLOYED, 'main.mjs');

/** Code of the function, as it can be loaded again and again. */
export const AUTHORIZER = join(DEPLOYED, 'index.js');

/** A handler that does nothing: what every function pays. */
export const EMPTY_HANDLER = join(CACHE, 'empty-handler.js');

/** Certificate of the authority that the servers' certificates are of. */
export const CERTIFICATE_AUTHORITY = join(CACHE, 'authority.pem');

/** Compiles a script of the benchmarks for plain Node.js: a TypeScript loader would be measured with it. */
export function compile(script: string): string {
  const outfile = join(CACHE, script.replace(/ts$/, 'js'));
  buildSync({
    entryPoints: [join(__dirname, script)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: script.endsWith('.mts') ? 'esm' : 'cjs',
    logLevel: 'warning',
  });
  return outfile;
}

/** Bundles a function for comparison as `scripts/build.ts` does ours, with its packages. */
export function bundleFunction(script: string): string {
  const outfile = join(CACHE, script.replace(/\.ts$/, '.js'));
  const mainFields = ['module', 'main'];
  buildSync({
    ...{ entryPoints: [join(__dirname, script)], outfile, mainFields, logLevel: 'warning' },
    ...{ bundle: true, platform: 'node', target: 'node20', minify: true },
  });
  return outfile;
}

/** Returns the size of the code that a cold start reads, in bytes: files of the folder, and the chunks they name. */
export function loadedBytes(...names: string[]): number {
  const loaded = new Set<string>();
  const load = (name: string) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    const code = readFileSync(join(DEPLOYED, name), 'utf8');
    for (const [, chunk = ''] of code.matchAll(/\brequire\("\.\/(chunk-\w+\.js)"\)/g)) load(chunk);
  };
  for (const name of names) load(name);
  return [...loaded].reduce((sum, name) => sum + statSync(join(DEPLOYED, name)).size, 0);
}

export function writeEmptyHandler(): void {
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(EMPTY_HANDLER, 'exports.handler = async () => ({});\n');
}

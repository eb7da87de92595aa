import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export const ROOT = join(__dirname, '..');

/** Folder of the files that the benchmarks build. */
export const CACHE = join(ROOT, 'node_modules', '.cache', 'phantom-token-bench');

/** The bundle that is deployed; `npm run build` makes it. */
export const AUTHORIZER = join(ROOT, 'dist', 'authorizer', 'index.js');

/** A handler that does nothing: what every function pays. */
export const EMPTY_HANDLER = join(CACHE, 'empty-handler.js');

/** Compiles a script of the benchmarks for plain Node.js: a TypeScript loader would be measured with it. */
export function compile(script: string): string {
  const outfile = join(CACHE, script.replace(/\.ts$/, '.js'));
  buildSync({
    entryPoints: [join(__dirname, script)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return outfile;
}

export function writeEmptyHandler(): void {
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(EMPTY_HANDLER, 'exports.handler = async () => ({});\n');
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * Bundles the authorizer into `dist/authorizer`, the asset that is deployed. The target is the oldest
 * Node.js the bundle runs on: local mode on the machine's own.
 */
const root = join(__dirname, '..');
const outdir = join(root, 'dist', 'authorizer');

const { outputFiles } = buildSync({
  entryPoints: [join(root, 'lambda', 'handler.ts')],
  outfile: join(outdir, 'index.js'),
  bundle: true,
  minify: true,
  sourcemap: 'external',
  sourcesContent: false,
  platform: 'node',
  target: 'node20',
  // Packages' ES modules first: `main` would bundle twice the code.
  mainFields: ['module', 'main'],
  legalComments: 'linked',
  logLevel: 'warning',
  write: false,
});

mkdirSync(outdir, { recursive: true });
for (const { path, text } of outputFiles) {
  // An unchanged bundle is left alone: another process may be reading it.
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

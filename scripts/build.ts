import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

const root = join(__dirname, '..');
const dist = join(root, 'dist');

/** The target is the oldest Node.js that both run on: local mode on the machine's own. */
const shared: BuildOptions = { bundle: true, platform: 'node', target: 'node20' };

/** The authorizer: the asset that is deployed, and nothing beside it. */
build({
  ...shared,
  entryPoints: [join(root, 'lambda', 'handler.ts')],
  outfile: join(dist, 'authorizer', 'index.js'),
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  // Packages' ES modules first: `main` would bundle twice the code.
  mainFields: ['module', 'main'],
  legalComments: 'linked',
});

/** The helper for Lambda functions behind the API. */
build({
  ...shared,
  entryPoints: [join(root, 'upstream', 'index.ts')],
  outfile: join(dist, 'upstream', 'index.js'),
});

/** The construct library: one file, so that the bundle lies where its source finds it too. */
build({
  ...shared,
  entryPoints: [join(root, 'lib', 'index.ts')],
  outfile: join(dist, 'index.js'),
  packages: 'external',
});

/** The CDK app, for `cdk.json`: compiled it starts in half the time. */
build({
  ...shared,
  entryPoints: [join(root, 'bin', 'app.ts')],
  outfile: join(dist, 'app.js'),
  packages: 'external',
  sourcemap: 'inline',
});

function build(options: BuildOptions): void {
  const { outputFiles = [] } = buildSync({ ...options, logLevel: 'warning', write: false });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    // What did not change is left alone: another process may be reading it.
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
}

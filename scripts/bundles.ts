import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

export const ROOT = join(__dirname, '..');
const dist = join(ROOT, 'dist');

/** The target is the oldest Node.js that both run on: local mode on the machine's own. */
const shared: BuildOptions = { bundle: true, platform: 'node', target: 'node20' };

/** The authorizer: the asset that is deployed. */
export const AUTHORIZER: BuildOptions = {
  ...shared,
  entryPoints: [join(ROOT, 'lambda', 'handler.ts')],
  outfile: join(dist, 'authorizer', 'index.js'),
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  // Packages' ES modules first: `main` would bundle twice the code.
  mainFields: ['module', 'main'],
  // THIRD_PARTY_LICENSES has all of them.
  legalComments: 'none',
};

/** The helper for Lambda functions behind the API. */
export const UPSTREAM: BuildOptions = {
  ...shared,
  entryPoints: [join(ROOT, 'upstream', 'index.ts')],
  outfile: join(dist, 'upstream', 'index.js'),
};

/** The construct library: one file, so that the bundle lies where its source finds it too. */
export const CONSTRUCTS: BuildOptions = {
  ...shared,
  entryPoints: [join(ROOT, 'lib', 'index.ts')],
  outfile: join(dist, 'index.js'),
  packages: 'external',
};

/** The CDK app, for `cdk.json`: compiled it starts in half the time. */
export const APP: BuildOptions = {
  ...shared,
  entryPoints: [join(ROOT, 'bin', 'app.ts')],
  outfile: join(dist, 'app.js'),
  packages: 'external',
  sourcemap: 'inline',
};

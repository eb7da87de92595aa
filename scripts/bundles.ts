import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

export const ROOT = join(__dirname, '..');
const DIST = join(ROOT, 'dist');

/** Options of all bundles. The target is the oldest Node.js on which local mode runs them. */
const SHARED: BuildOptions = { bundle: true, platform: 'node', target: 'node20' };

/** Returns the options of a function's bundle: an asset that is deployed. */
function functionBundle(name: string, entryPoint: string): BuildOptions & { outfile: string } {
  return {
    ...SHARED,
    entryPoints: [join(ROOT, 'lambda', entryPoint)],
    outfile: join(DIST, name, 'index.js'),
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    // ES modules of packages first. `main` would double the size.
    mainFields: ['module', 'main'],
    // THIRD_PARTY_LICENSES has all comments.
    legalComments: 'none',
  };
}

/** Functions: the assets that are deployed. */
export const FUNCTIONS = [
  functionBundle('authorizer', 'handler.ts'),
  functionBundle('key-set', join('key-set', 'handler.ts')),
  functionBundle('rotation', join('rotation', 'handler.ts')),
];

/** Helper for Lambda functions behind the API. */
export const UPSTREAM: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'upstream', 'index.ts')],
  outfile: join(DIST, 'upstream', 'index.js'),
};

/** Construct library, as one file, so that it finds the authorizer's bundle as its source does. */
export const CONSTRUCTS: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'lib', 'index.ts')],
  outfile: join(DIST, 'index.js'),
  packages: 'external',
};

/** Runtime of local mode's execution environments. The target keeps `import()`, which loads both kinds of modules. */
export const RUNTIME: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'local', 'lambda', 'runtime.ts')],
  outfile: join(DIST, 'local', 'runtime.js'),
};

/** CDK app of `cdk.json`. Compiled, it starts in half the time. */
export const APP: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'bin', 'app.ts')],
  outfile: join(DIST, 'app.js'),
  packages: 'external',
  sourcemap: 'inline',
};

/** Command line of the package `phantom-token`, as one file at the depth of `cli/` in `dist/`. */
export const COMMAND_LINE: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'cli', 'main.ts')],
  outfile: join(DIST, 'phantom-token', 'dist', 'cli', 'main.js'),
  packages: 'external',
  banner: { js: '#!/usr/bin/env node' },
};
